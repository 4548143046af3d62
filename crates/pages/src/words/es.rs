//! Spanish.

use super::{Last, Licence, Pay, Sandbox, Trouble, Unknown, Words, Wrong};

pub(super) const WORDS: Words = Words {
    language: "Idioma",
    pay: Pay {
        state: "Pendiente de pago",
        button: "Pagar {} con tarjeta",
        from_balance: "Pagar con su saldo",
        leads: "El botón abre la página segura del proveedor de pagos, donde introduce su tarjeta.",
        transfer: "Pagar por transferencia: imprimir la solicitud",
        before: "Pague antes del",
        bought: "Lo que compra",
        because: "Cómo se forma este importe",
        more: "{} conceptos más figuran en la solicitud impresa.",
        sums: "Sumas",
        declined: Trouble {
            title: "El pago no se ha realizado",
            text: "No se ha cobrado nada. Puede intentarlo de nuevo o pagar por transferencia.",
        },
        refused: Trouble {
            title: "No se ha podido iniciar el pago",
            text: "No se ha cobrado nada. Inténtelo más tarde o pague por transferencia.",
        },
        no_cards: Trouble {
            title: "Ahora no se aceptan tarjetas",
            text: "No se ha cobrado nada. Por favor, pague por transferencia.",
        },
        why: "El proveedor de pagos indica:",
    },
    unknown: Unknown {
        state: "Aún no se sabe si el pago se ha realizado",
        text: "Por favor, no pague de otra forma: no se le cobrará dos veces.",
        again: "Seguimos preguntando al proveedor de pagos. Puede cerrar esta página y abrir el \
                mismo enlace más tarde.",
        button: "Comprobar de nuevo",
        go_on: "Continuar con el pago con tarjeta",
    },
    last: Last {
        paid: Trouble { title: "Pagado", text: "Gracias. Hemos recibido el pago." },
        refunded: Trouble {
            title: "Reembolsado",
            text: "El pago se ha devuelto. No hay nada que pagar.",
        },
        canceled: Trouble {
            title: "Anulada o caducada",
            text: "Esta solicitud ya no es válida. No hay nada que pagar.",
        },
        total: "Importe total",
        print: "Imprimir la solicitud",
    },
    licence: Licence {
        title: "Su licencia ahora",
        product: "Producto",
        plan: "Tarifa",
        quantity: "Cantidad",
        until: "Activa hasta el",
        none: "No hay ninguna licencia activa.",
    },
    sandbox: Sandbox {
        title: "Pago de prueba",
        banner: "Este es un pago de prueba. No se mueve dinero.",
        amount: "Importe",
        what_for: "Concepto",
        state: "Estado",
        open: "En espera del pago",
        paid: "Pagado",
        declined: "Rechazado",
        expired: "Caducado",
        outcome: "¿Cómo debe acabar el pago?",
        approve: "Aprobar",
        decline: "Rechazar",
        later: "Decidir más tarde",
        button: "Continuar",
        manners: "Cómo se comporta el proveedor desde ahora",
        twice: "Avisa de todo dos veces",
        late: "Avisa de todo tantos segundos más tarde",
        reversed: "Avisa en otro orden",
        lost: "Cuántas de sus próximas respuestas se pierden",
        back: "Volver a la tienda",
    },
    wrong: Wrong {
        unknown_link: Trouble {
            title: "Este enlace no lleva a nada",
            text: "Compruebe que la dirección está completa o pida al vendedor un enlace nuevo.",
        },
        method: Trouble {
            title: "Esta dirección no se usa así",
            text: "Por favor, abra el enlace que le envió el vendedor.",
        },
        form: Trouble {
            title: "No se ha podido leer el formulario",
            text: "No ha cambiado nada. Vuelva atrás y envíelo otra vez.",
        },
        too_often: Trouble {
            title: "Demasiadas peticiones",
            text: "No ha cambiado nada. Espere un minuto y abra la página otra vez.",
        },
        trouble: Trouble {
            title: "Algo no funciona en este momento",
            text: "Abra el enlace dentro de unos minutos: muestra cómo está su pago.",
        },
    },
};
