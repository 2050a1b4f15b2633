#!/bin/sh
# Walks the vendor's seven steps by the OpenAPI document alone:
#   seven_steps.sh BASE_URL ACCESS_KEY
# Every payload is the document's own example.  Only the numbers that the server gives are put in.
set -eu

base=$1
access_key=$2
document=$(mktemp)
trap 'rm -f "$document"' EXIT

# example METHOD PATH: the payload that the document shows for it
example() {
  python3 -c '
import json, sys
operation = json.load(open(sys.argv[1]))["paths"]["/v2" + sys.argv[3]][sys.argv[2].lower()]
print(json.dumps(operation["requestBody"]["content"]["application/json"]["example"]))' "$document" "$1" "$2"
}

# with NAME VALUE: the JSON object on standard input with that member
with() {
  python3 -c 'import json, sys; print(json.dumps(json.load(sys.stdin) | {sys.argv[1]: sys.argv[2]}))' "$1" "$2"
}

# member NAME: that member of the JSON object on standard input
member() {
  python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"
}

# call METHOD PATH: send standard input; any status from 400 ends the walk
call() {
  curl --silent --show-error --fail-with-body --request "$1" "$base$2" \
    --header "Authorization: Bearer $token" --header 'Content-Type: application/json' --data @-
}

curl --silent --show-error --fail "$base/docs.json" > "$document"
token=
token=$(example POST /token | with access_key "$access_key" | call POST /token | member token)

example POST /products | call POST /products > /dev/null
echo "1 product"
example PUT /product_images | call PUT /product_images > /dev/null
echo "2 product image"
example POST /orders | call POST /orders > /dev/null
echo "3 order"
item=$(example POST /order_items | call POST /order_items | member id)
echo "4 order item"
shipment=$(example POST /shipments | call POST /shipments | member id)
echo "5 shipment"
example PUT '/order_items/{id}' | with shipment_id "$shipment" | call PUT "/order_items/$item" > /dev/null
echo "6 order item with its shipment"
example POST /shipment_events | with id "$shipment" | call POST /shipment_events > /dev/null
echo "7 shipment event"
