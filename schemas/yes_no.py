"""The words for yes and no that spreadsheets show and people type, in the languages of the shops served.

A blank is neither, and stands in neither list.
"""

# One line per language: bg/ru, cs/sk, da/nb, de, en, es/pt, et, fi, fr, hr/sl, hu, it, lt, lv, nl, pl, ro, sv.
YES = frozenset(
    (
        "да истина ano pravda áno sand sandt ja wahr j yes true y t on enabled sí si verdadero sim verdadeiro jah "
        "tõene kyllä tosi oui vrai da istina resnično igen igaz sì vero taip tiesa jā patiesa waar tak prawda adevărat "
        "sann sant x ✓ ✔ ☑ ✅ √ 1 1.0 1,0"
    ).split()
)
NO = frozenset(
    (
        "нет не ложь лъжа ne nepravda nie falsk nej nei usann nein falsch n no false f off disabled falso não nao ei "
        "väär epätosi non faux laž neresnično nem hamis netiesa nē aplams nee onwaar fałsz nu fals falskt "
        "✗ ✘ ☐ ❌ 0 0.0 0,0"
    ).split()
)


def meaning(text: str) -> bool | None:
    """What *text* says, in any case; None when it says neither."""
    word = text.casefold()
    return True if word in YES else False if word in NO else None
