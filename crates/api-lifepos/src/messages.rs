//! What is said to people, in each language.

use crate::language::Speech;

/// One message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Text {
    en: &'static str,
    ru: &'static str,
}

impl Text {
    const fn new(en: &'static str, ru: &'static str) -> Self {
        Self { en, ru }
    }

    pub(crate) const fn say(self, speech: Speech) -> &'static str {
        match speech {
            Speech::En => self.en,
            Speech::Ru => self.ru,
        }
    }
}

pub(crate) const UNAUTHORIZED: Text =
    Text::new("A valid access token is required.", "Нужен действующий токен доступа.");
pub(crate) const NO_PERMISSIONS: Text =
    Text::new("The token does not permit this.", "Токен не даёт прав на это действие.");
pub(crate) const NOT_FOUND: Text = Text::new("Not found.", "Не найдено.");
pub(crate) const INVALID: Text =
    Text::new("The request is not valid.", "Запрос составлен неверно.");
pub(crate) const PERIOD_NOT_SOLD: Text =
    Text::new("The plan is not sold for this period.", "Тариф не продаётся на такой срок.");
pub(crate) const PLAN_UNKNOWN: Text =
    Text::new("The product has no such plan.", "У продукта нет такого тарифа.");
pub(crate) const PAYER_UNKNOWN: Text = Text::new(
    "The payer is not one of this organisation.",
    "У организации нет такого плательщика.",
);
pub(crate) const NO_PAYER: Text = Text::new(
    "Say who pays: the organisation has no default payer.",
    "Укажите плательщика: у организации нет плательщика по умолчанию.",
);
pub(crate) const ARCHIVED: Text =
    Text::new("The plan is no longer sold.", "Тариф больше не продаётся.");
pub(crate) const CANNOT: Text =
    Text::new("The operation cannot be performed.", "Операцию нельзя выполнить.");
pub(crate) const KEY_REUSED: Text = Text::new(
    "The Idempotency-Key was used for another request.",
    "Этот Idempotency-Key уже использован для другого запроса.",
);
pub(crate) const DUPLICATE: Text = Text::new("This was recorded before.", "Такая запись уже есть.");
pub(crate) const NOT_UNIQUE: Text = Text::new("The name is taken.", "Имя уже занято.");
pub(crate) const TOO_MANY: Text = Text::new(
    "Too many requests with this token; wait a little.",
    "Слишком много запросов с этим токеном; подождите немного.",
);
pub(crate) const PAID_FOR: Text = Text::new(
    "The invoice is paid in full or in part and cannot be canceled.",
    "Счёт оплачен полностью или частично, его нельзя отменить.",
);
pub(crate) const TRY_LATER: Text = Text::new(
    "Too many changes at once. Nothing was changed; try again.",
    "Слишком много одновременных изменений. Ничего не изменено; повторите запрос.",
);
pub(crate) const UNKNOWN_OUTCOME: Text = Text::new(
    "The outcome is unknown. Repeat the request with the same Idempotency-Key to find out; \
     without a key, look at the list of invoices first.",
    "Результат неизвестен. Повторите запрос с тем же Idempotency-Key, чтобы его узнать; \
     без ключа сначала проверьте список счетов.",
);
pub(crate) const INTERNAL: Text =
    Text::new("Something went wrong on our side.", "Произошла ошибка на нашей стороне.");
