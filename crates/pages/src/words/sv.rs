//! Swedish.

use super::{Last, Licence, Pay, Sandbox, Trouble, Unknown, Words, Wrong};

pub(super) const WORDS: Words = Words {
    language: "Språk",
    pay: Pay {
        state: "Att betala",
        button: "Betala {} med kort",
        from_balance: "Betala med ert saldo",
        leads: "Knappen öppnar betaltjänstens säkra sida, där ni anger kortet.",
        transfer: "Betala via bank: skriv ut begäran",
        before: "Betala före",
        bought: "Det här köper ni",
        because: "Så har beloppet räknats fram",
        more: "Ytterligare {} positioner står på den utskrivna begäran.",
        sums: "Summering",
        declined: Trouble {
            title: "Betalningen gick inte igenom",
            text: "Inget har dragits. Försök igen eller betala via bank.",
        },
        refused: Trouble {
            title: "Betalningen kunde inte påbörjas",
            text: "Inget har dragits. Försök igen senare eller betala via bank.",
        },
        no_cards: Trouble {
            title: "Kort tas inte emot just nu",
            text: "Inget har dragits. Betala via bank i stället.",
        },
        why: "Betaltjänsten säger:",
    },
    unknown: Unknown {
        state: "Det är ännu inte känt om betalningen gick igenom",
        text: "Betala inte på annat sätt: inget dras två gånger.",
        again: "Vi fortsätter att fråga betaltjänsten. Ni kan stänga sidan och öppna samma länk \
                senare.",
        button: "Kontrollera igen",
        go_on: "Gå vidare till kortbetalningen",
    },
    last: Last {
        paid: Trouble { title: "Betald", text: "Tack. Betalningen har kommit fram." },
        refunded: Trouble {
            title: "Återbetald",
            text: "Betalningen har gått tillbaka. Det finns inget att betala.",
        },
        canceled: Trouble {
            title: "Makulerad eller förfallen",
            text: "Denna begäran gäller inte längre. Det finns inget att betala.",
        },
        total: "Totalbelopp",
        print: "Skriv ut begäran",
    },
    licence: Licence {
        title: "Er licens nu",
        product: "Produkt",
        plan: "Avtal",
        quantity: "Antal",
        until: "Aktiv till",
        none: "Det finns ingen aktiv licens.",
    },
    sandbox: Sandbox {
        title: "Testbetalning",
        banner: "Det här är en testbetalning. Inga pengar flyttas.",
        amount: "Belopp",
        what_for: "Avser",
        state: "Status",
        open: "Väntar på betalning",
        paid: "Betald",
        declined: "Nekad",
        expired: "Förfallen",
        outcome: "Hur ska betalningen gå?",
        approve: "Godkänn",
        decline: "Neka",
        later: "Bestäm senare",
        button: "Fortsätt",
        manners: "Hur betaltjänsten uppträder härefter",
        twice: "Den meddelar allt två gånger",
        late: "Den meddelar allt så många sekunder senare",
        reversed: "Den meddelar i fel ordning",
        lost: "Så många av dess nästa svar går förlorade",
        back: "Tillbaka till butiken",
    },
    wrong: Wrong {
        unknown_link: Trouble {
            title: "Länken leder ingenstans",
            text: "Kontrollera att hela adressen är kopierad eller be säljaren om en ny länk.",
        },
        method: Trouble {
            title: "Adressen används inte så",
            text: "Öppna länken som säljaren har skickat.",
        },
        form: Trouble {
            title: "Formuläret kunde inte läsas",
            text: "Inget har ändrats. Gå tillbaka och skicka det igen.",
        },
        too_often: Trouble {
            title: "För många anrop",
            text: "Inget har ändrats. Vänta en minut och öppna sidan igen.",
        },
        trouble: Trouble {
            title: "Något fungerar inte just nu",
            text: "Öppna länken igen om några minuter: den visar hur det står till med \
                   betalningen.",
        },
    },
};
