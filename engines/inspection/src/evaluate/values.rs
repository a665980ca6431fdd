//! Comparing data fields.

use crate::ast::{Arithmetic, Comparison, Value};
use crate::conversation::{Conversation, FieldValue};
use crate::fold::{fold, fold_char};

/// The value of an expression; `None` when a field is missing or the arithmetic has no answer.
fn value<'a>(conversation: &Conversation<'a>, expression: &'a Value) -> Option<FieldValue<'a>> {
    Some(match expression {
        Value::Number(number) => FieldValue::Number(*number),
        Value::Text(text) => FieldValue::Text(text),
        Value::Bool(truth) => FieldValue::Bool(*truth),
        Value::Field(name) => conversation.field(name)?,
        Value::Apply(left, operator, right) => {
            let (left, right) = (number(value(conversation, left)?)?, number(value(conversation, right)?)?);
            let result = match operator {
                Arithmetic::Add => left + right,
                Arithmetic::Subtract => left - right,
                Arithmetic::Multiply => left * right,
                Arithmetic::Divide => left / right,
            };
            FieldValue::Number(Some(result).filter(|result| result.is_finite())?)
        }
    })
}

/// As a number: a text counts when it reads as one.
fn number(value: FieldValue<'_>) -> Option<f64> {
    match value {
        FieldValue::Number(number) => Some(number),
        FieldValue::Text(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        FieldValue::Bool(_) => None,
    }
}

/// Whether a comparison holds. It does not when a value is missing or the two cannot be compared.
pub(crate) fn compare<'a>(
    conversation: &Conversation<'a>,
    left: &'a Value,
    how: Comparison,
    right: &'a Value,
) -> bool {
    let (Some(left), Some(right)) = (value(conversation, left), value(conversation, right)) else {
        return false;
    };
    match (left, right) {
        (FieldValue::Text(left), FieldValue::Text(right)) => match how {
            Comparison::Equal => same_text(left, right),
            Comparison::NotEqual => !same_text(left, right),
            Comparison::Contains => fold(left).contains(&fold(right)),
            _ => false,
        },
        (FieldValue::Bool(left), FieldValue::Bool(right)) => match how {
            Comparison::Equal => left == right,
            Comparison::NotEqual => left != right,
            _ => false,
        },
        (left, right) => {
            let (Some(left), Some(right)) = (number(left), number(right)) else { return false };
            match how {
                Comparison::Equal => same_number(left, right),
                Comparison::NotEqual => !same_number(left, right),
                Comparison::Less => left < right,
                Comparison::AtMost => left <= right,
                Comparison::More => left > right,
                Comparison::AtLeast => left >= right,
                Comparison::Contains => false,
            }
        }
    }
}

/// Whether a value equals one of several.
pub(crate) fn one_of<'a>(conversation: &Conversation<'a>, left: &'a Value, choices: &'a [Value]) -> bool {
    choices.iter().any(|choice| compare(conversation, left, Comparison::Equal, choice))
}

fn same_text(a: &str, b: &str) -> bool {
    a.trim().chars().map(fold_char).eq(b.trim().chars().map(fold_char))
}

/// Equal up to the rounding of one operation.
fn same_number(a: f64, b: f64) -> bool {
    (a - b).abs() <= f64::EPSILON * a.abs().max(b.abs())
}
