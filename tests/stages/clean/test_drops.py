"""What surrounds an article goes, with its reason, and what it says about the article is kept as data."""

from __future__ import annotations

import pytest

BODY = [
    "The harbour council met on Monday to decide on the new ferry line to the islands.",
    "Its chair said that the vote would be repeated in March, after the budget talks are over.",
    "Fishermen had asked for more time. “We were not heard,” said one of them on the pier.",
    "The line would carry 400 passengers a day, and the town has no other bridge to the islands.",
]
TITLE = "Ferry vote is put off"


def cleaned(article, before=(), middle=(), after=()):
    return article("\n".join((*before, *BODY[:2], *middle, *BODY[2:], *after)))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Share on Facebook Share on Twitter", "share"),
        ("12 Comments", "comments"),
        ("© 2021 Harbour Post", "copyright"),
        ("All rights reserved.", "marker"),
        ("This site is protected by reCAPTCHA and the Privacy Policy and Terms of Service apply.", "notice"),
        ("Sign up for our daily newsletter and never miss a story.", "promotion"),
        ("Follow us on Twitter and Facebook", "share"),
        ("Tags: harbour, ferry", "tags"),
        ("Terms of Use | Privacy Policy | Contact us", "marker"),
        ("Reporting by Ann Lee; Editing by Jo Hill", "credit"),
        ("Note: This article has been automatically translated.", "note"),
        ("This article first appeared in the Harbour Post.", "notice"),
        ("end", "marker"),
    ],
)
def test_a_line_below_the_article_goes_with_its_reason(article, line, reason):
    found = cleaned(article, [TITLE], after=[line])
    assert found.paragraphs == tuple(BODY)
    assert [(piece.text, piece.reason) for piece in found.dropped] == [(line, reason)]


@pytest.mark.parametrize(
    "block",
    [
        [
            "Related coverage",
            "May 18, 2022 3:34 pm",
            "Mayor Opens a New School",
            "The mayor has opened a school in the old...",
        ],
        [
            "An unheard-of label",
            "May 18, 2022",
            "Mayor Opens a New School",
            "The mayor has opened a school in the old…",
        ],
        ["READ MORE: Mayor opens a new school"],
        ["[Read: Mayor opens a new school]"],
        ["Advertisement"],
        ["Photo: Sam Roe/EPA"],
        ["Boats in the harbour of Westhaven on Monday. (AP Photo/J. Doe)"],
        ["Boats in the harbour | Photo by Sam Roe on Unsplash"],
    ],
)
def test_what_interrupts_the_article_goes(article, block):
    assert cleaned(article, [TITLE, ""], middle=block).paragraphs == tuple(BODY)


@pytest.mark.parametrize(
    ("line", "byline"),
    [
        ("By Ann Lee", "Ann Lee"),
        ("by Ann Lee and Jo Hill", "Ann Lee and Jo Hill"),
        ("By Ann Lee, Political Correspondent", "Ann Lee"),
        ("By ANN LEE", "ANN LEE"),
        ("avatar by Ann Lee and Staff", "Ann Lee and Staff"),
        ("Ann Lee | Reporter", "Ann Lee"),
        ("© Ann Lee", None),
        ("Photo: Ann Lee", None),
    ],
)
def test_a_byline_is_read_and_a_photo_credit_is_none(article, line, byline):
    found = cleaned(article, [TITLE, line])
    assert (found.byline, found.paragraphs) == (byline, tuple(BODY))


@pytest.mark.parametrize(
    ("header", "published"),
    [
        (["Wednesday, May 18th | Sign In", TITLE], None),
        (["Home > News > World", TITLE, "March 4, 2021 at 3:30 p.m. EST"], "2021-03-04T15:30:00"),
        ([TITLE, "Published: 4 March 2021, 15:30 GMT"], "2021-03-04T15:30:00+00:00"),
        ([TITLE, "2 hours ago"], None),
        (["BREAKING NEWS", TITLE, "Updated 4 March 2021"], "2021-03-04"),
    ],
)
def test_the_head_gives_title_and_date(article, header, published):
    found = cleaned(article, header)
    assert (found.title, found.paragraphs) == (TITLE, tuple(BODY))
    assert (found.published.isoformat() if found.published else None) == published


def test_an_open_order_of_day_and_month_lowers_the_confidence(article):
    assert cleaned(article, [TITLE, "04/03/2021"]).low_confidence


def test_a_source_line_names_the_publisher(article):
    assert cleaned(article, [TITLE], after=["Source: Harbour Post"]).publisher == "Harbour Post"


def test_a_note_about_the_author_goes(article):
    found = cleaned(article, [TITLE, "By Ann Lee"], after=["Ann Lee is a staff writer at the Harbour Post."])
    assert found.paragraphs == tuple(BODY)


def test_a_copy_that_ends_with_a_link_to_the_rest_is_truncated(article):
    assert cleaned(article, [TITLE], after=["Read more"]).truncated
    assert not cleaned(article, [TITLE]).truncated


def test_menus_around_an_article_go(article):
    menu = [
        "Home",
        "News",
        "Sport",
        "Weather",
        "Harbour",
        "Culture",
        "Jobs",
        "Cars",
        "Homes",
        "Log in",
        "Subscribe",
        "Newsletter",
    ]
    links = [
        "Mayor opens a new school",
        "Fish are back in the bay",
        "Old mine warms the town",
        "Bridge vote delayed",
        "Rain until Friday",
    ]
    found = cleaned(
        article, [*menu, TITLE], after=["Most read", *links, "Share", "Privacy Policy | Imprint", "© 2021 Harbour Post"]
    )
    assert (found.title, found.paragraphs) == (TITLE, tuple(BODY))


def test_a_title_from_the_feed_is_not_repeated_in_the_text(article):
    found = article("\n".join((f"- {TITLE}", *BODY)), title=TITLE)
    assert found.paragraphs == tuple(BODY)


@pytest.mark.parametrize(
    ("language", "block", "below"),
    [
        ("de", ["Lesen Sie auch", "Bürgermeister eröffnet neue Schule"], "Artikel teilen"),
        ("fr", ["À lire aussi : La maire ouvre une école"], "Partager cet article"),
        ("es", ["Te puede interesar", "La alcaldesa abre una escuela"], "Compartir en Facebook"),
        ("it", ["Leggi anche: La sindaca apre una scuola"], "Condividi su Facebook"),
        ("nl", ["Lees ook: Burgemeester opent een school"], "Deel dit artikel"),
        ("pt", ["Leia também", "A presidente abre uma escola"], "Partilhar no Facebook"),
    ],
)
def test_furniture_goes_in_other_languages_too(article, language, block, below):
    body = {
        "de": [
            "Der Rat hat die Entscheidung über die neue Linie auf März verschoben.",
            "Die Fischer hatten mehr Zeit verlangt, und der Rat hat sie am Montag gehört.",
        ],
        "fr": [
            "Le conseil a reporté à mars sa décision sur la nouvelle ligne.",
            "Les pêcheurs avaient demandé plus de temps, et le conseil les a entendus lundi.",
        ],
        "es": [
            "El consejo aplazó a marzo la decisión sobre la nueva línea.",
            "Los pescadores pidieron más tiempo, y el consejo los escuchó el lunes.",
        ],
        "it": [
            "Il consiglio ha rinviato a marzo la decisione sulla nuova linea.",
            "I pescatori avevano chiesto più tempo, e il consiglio li ha ascoltati lunedì.",
        ],
        "nl": [
            "De raad heeft het besluit over de nieuwe lijn uitgesteld tot maart.",
            "De vissers hadden om meer tijd gevraagd, en de raad heeft ze maandag gehoord.",
        ],
        "pt": [
            "O conselho adiou para março a decisão sobre a nova linha.",
            "Os pescadores pediram mais tempo, e o conselho ouviu-os na segunda-feira.",
        ],
    }[language]
    found = article("\n".join((body[0], *block, body[1], below)))
    assert (found.language, found.paragraphs) == (language, tuple(body))


def test_readers_comments_go_from_their_label_on(article):
    comments = [
        "Comments",
        "Jo Hill on September 12, 2018 at 4:47 pm said:",
        "I take this ferry twice a day, and nobody asked me about it.",
    ]
    comments += [
        "Kim Roe on September 13, 2018 at 5:23 pm said:",
        "Nor me, and I have lived on the islands for over thirty years.",
    ]
    assert cleaned(article, [TITLE], after=comments).paragraphs == tuple(BODY)


def test_the_times_of_a_live_blog_are_no_comments(article):
    entries = [
        "19 November 2026, 14:05",
        "The harbour is closed until further notice, the port authority says in a statement.",
    ]
    entries += [
        "19 November 2026, 13:12",
        "Trains between Westhaven and Norton are cancelled until the storm has passed.",
    ]
    assert cleaned(article, [TITLE], after=entries).paragraphs == (*BODY, *entries)
