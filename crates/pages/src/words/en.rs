//! English.

use super::{Last, Licence, Pay, Sandbox, Trouble, Unknown, Words, Wrong};

pub(super) const WORDS: Words = Words {
    language: "Language",
    pay: Pay {
        state: "To be paid",
        button: "Pay {} by card",
        from_balance: "Pay from your balance",
        leads: "The button opens the secure page of the payment provider, where you enter your \
                card.",
        transfer: "Pay by bank transfer: print the request",
        before: "Pay before",
        bought: "What you buy",
        because: "How this amount comes about",
        more: "{} more positions stand on the printed request.",
        sums: "Sums",
        declined: Trouble {
            title: "The payment did not go through",
            text: "Nothing was charged. You can try again, or pay by bank transfer.",
        },
        refused: Trouble {
            title: "The payment could not be started",
            text: "Nothing was charged. Please try again later, or pay by bank transfer.",
        },
        no_cards: Trouble {
            title: "Cards are not accepted here at present",
            text: "Nothing was charged. Please pay by bank transfer.",
        },
        why: "The payment provider says:",
    },
    unknown: Unknown {
        state: "It is not known yet whether the payment went through",
        text: "Please do not pay in another way: you are not charged twice.",
        again: "We keep asking the payment provider. You can close this page and open the same \
                link later.",
        button: "Check again",
        go_on: "Go on to the card payment",
    },
    last: Last {
        paid: Trouble { title: "Paid", text: "Thank you. The payment has arrived." },
        refunded: Trouble {
            title: "Refunded",
            text: "The payment went back. There is nothing to pay.",
        },
        canceled: Trouble {
            title: "Canceled or expired",
            text: "This request is no longer valid. There is nothing to pay.",
        },
        total: "Total",
        print: "Print the request",
    },
    licence: Licence {
        title: "Your licence now",
        product: "Product",
        plan: "Plan",
        quantity: "Quantity",
        until: "Active until",
        none: "There is no active licence.",
    },
    sandbox: Sandbox {
        title: "Test payment",
        banner: "This is a test payment. No money moves.",
        amount: "Amount",
        what_for: "What for",
        state: "State",
        open: "Waiting for the payment",
        paid: "Paid",
        declined: "Declined",
        expired: "Expired",
        outcome: "How shall the payment go?",
        approve: "Approve",
        decline: "Decline",
        later: "Decide later",
        button: "Continue",
        manners: "How the provider behaves from now on",
        twice: "It tells everything twice",
        late: "It tells everything so many seconds later",
        reversed: "It tells things out of order",
        lost: "So many of its next answers are lost",
        back: "Back to the shop",
    },
    wrong: Wrong {
        unknown_link: Trouble {
            title: "This link leads nowhere",
            text: "Please check that the whole address was copied, or ask the seller for a new \
                   link.",
        },
        method: Trouble {
            title: "This address is not used like that",
            text: "Please open the link that the seller sent you.",
        },
        form: Trouble {
            title: "The form could not be read",
            text: "Nothing was changed. Please go back and send it again.",
        },
        too_often: Trouble {
            title: "Too many requests",
            text: "Nothing was changed. Please wait a minute and open the page again.",
        },
        trouble: Trouble {
            title: "Something does not work at the moment",
            text: "Please open the link again in a few minutes: it shows how your payment stands.",
        },
    },
};
