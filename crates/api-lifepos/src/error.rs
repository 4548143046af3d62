//! The contract's error codes, and a refusal in its envelope.

use crate::language::Speech;
use crate::messages::{self, Text};
use abono_http::reply::Reply;
use http::HeaderValue;
use http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use serde::Serialize;
use utoipa::ToSchema;

/// Declares the codes with their statuses, so that no code can be without one.
macro_rules! codes {
    ($($name:ident => $status:literal),* $(,)?) => {
        /// Every error code of the contract, those of its neighbours among them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
        #[schema(as = ErrorCode)]
        #[expect(missing_docs, reason = "the names are the contract's and say it")]
        pub enum Code { $($name),* }

        impl Code {
            /// All of them, in the contract's order.
            pub const ALL: [Self; 34] = [$(Self::$name),*];

            /// The HTTP status that goes with it.
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status),* }
            }
        }
    };
}

codes! {
    InternalServerError => 500,
    TooManyRequests => 429,
    RequestIsNotValid => 422,
    BadRequest => 422,
    NoPermissions => 403,
    Unauthorized => 401,
    NotFound => 404,
    ReferenceNotFound => 422,
    Duplicate => 422,
    NotUnique => 422,
    NotNullOrUnique => 422,
    NotAllowed => 403,
    NotAllowedForArchived => 422,
    TryLater => 429,
    OperationCannotBePerformed => 422,
    NotificationsAreOutOfService => 500,
    TrySendCodeLater => 429,
    UsernameIsAlreadyTaken => 422,
    PhoneIsAlreadyTaken => 422,
    AliasIsAlreadyTaken => 422,
    PhoneIsNotFound => 404,
    PhoneIsNotFoundInOrganization => 404,
    AliasIsNotFound => 404,
    UsernameDoesNotExist => 404,
    InvalidConfirmationCode => 422,
    ConfirmationCodeWasCanceled => 422,
    ConfirmationCodeWasNotSend => 422,
    WrongUsernameOrPassword => 401,
    WrongActivationCode => 401,
    TryActivateLater => 429,
    NotAllowedForOwner => 403,
    DealPositionHasInvalidQuantity => 422,
    CheckMarkingCodeMustBeDisabled => 422,
    LegalEntityCrptTokenNotSpecified => 422,
}

/// A request that is not carried out, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) code: Code,
    /// For people.
    pub(crate) text: Text,
    /// For developers: where it was wrong, and nothing of our inside.
    pub(crate) info: Option<String>,
    /// After how many seconds it may be tried again, where it is only too early.
    retry_after: u64,
}

/// What every refusal is answered with.
#[derive(Serialize, ToSchema)]
#[schema(as = Error)]
pub(crate) struct Envelope<'a> {
    code: Code,
    /// For people, in the language that was asked for.
    message: &'a str,
    /// For developers: where the request is wrong.
    info: Option<&'a str>,
}

impl Refused {
    pub(crate) const fn new(code: Code, text: Text) -> Self {
        Self { code, text, info: None, retry_after: 1 }
    }

    pub(crate) fn with_info(self, info: impl Into<String>) -> Self {
        Self { info: Some(info.into()), ..self }
    }

    /// The request can't be read; `info` says where.
    pub(crate) fn invalid(info: impl Into<String>) -> Self {
        Self::new(Code::RequestIsNotValid, messages::INVALID).with_info(info)
    }

    pub(crate) const fn not_found() -> Self {
        Self::new(Code::NotFound, messages::NOT_FOUND)
    }

    pub(crate) const fn no_permissions() -> Self {
        Self::new(Code::NoPermissions, messages::NO_PERMISSIONS)
    }

    pub(crate) const fn unauthorized() -> Self {
        Self::new(Code::Unauthorized, messages::UNAUTHORIZED)
    }

    pub(crate) const fn internal() -> Self {
        Self::new(Code::InternalServerError, messages::INTERNAL)
    }

    /// The token asks too often; after so many seconds it may ask again.
    pub(crate) fn too_many(retry_after: u64) -> Self {
        Self { retry_after, ..Self::new(Code::TooManyRequests, messages::TOO_MANY) }
    }

    /// Whether it blames what was sent, and not who sent it or where.
    pub(crate) const fn is_about_input(&self) -> bool {
        self.code.status() == 422
    }

    /// The answer.
    pub(crate) fn reply(&self, speech: Speech) -> Reply {
        let (code, message, info) = (self.code, self.text.say(speech), self.info.as_deref());
        let body = serde_json::to_vec(&Envelope { code, message, info }).unwrap_or_default();
        let reply = Reply::json(code.status(), body);
        match code.status() {
            401 => reply.with(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")),
            429 => reply.with(RETRY_AFTER, HeaderValue::from(self.retry_after)),
            _ => reply,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::IntoResponse;

    #[test]
    fn each_of_the_34_codes_is_spelled_as_it_is_named_and_has_a_documented_status() {
        for code in Code::ALL {
            let spelled = serde_json::to_string(&code).expect("JSON");
            assert_eq!(spelled, format!("\"{code:?}\""));
            assert!([401, 403, 404, 422, 429, 500].contains(&code.status()), "{code:?}");
        }
    }

    #[test]
    fn who_is_too_early_is_told_when_to_come_back() {
        let headers = Refused::too_many(3).reply(Speech::En).into_response().headers().clone();
        assert_eq!(headers[RETRY_AFTER], "3");
        let later = Refused::new(Code::TryLater, messages::TRY_LATER).reply(Speech::En);
        assert_eq!(later.into_response().headers()[RETRY_AFTER], "1");
    }

    #[test]
    fn the_envelope_has_three_members_in_order() {
        let reply = Refused::invalid("plan.guid: missing").reply(Speech::En);
        assert_eq!(
            reply.body,
            r#"{"code":"RequestIsNotValid","message":"The request is not valid.","#.to_owned()
                + r#""info":"plan.guid: missing"}"#
        );
        let reply = Refused::not_found().reply(Speech::Ru);
        assert_eq!(reply.body, r#"{"code":"NotFound","message":"Не найдено.","info":null}"#);
        assert_eq!((reply.status, &*reply.content_type), (404, "application/json"));
    }
}
