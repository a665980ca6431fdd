//! Forms of the gallery.

use maud::{Markup, html};
use messages::Text;

use crate::{
    Choice, Cx, Difference, EditConflict, Field, FieldErrors, Form, Href, Values, edit_conflict, form,
};

fn fields() -> Vec<Field> {
    let choice = |value: &str, zh, en| Choice::new(value, Text::fixed(zh, en));
    vec![
        Field::text("name", Text::fixed("名称", "Name"))
            .required()
            .hint(Text::fixed("列表和地图上显示的短名", "The short name on lists and maps")),
        Field::select(
            "line",
            Text::fixed("业务线", "Line of business"),
            vec![choice("faults", "故障", "Faults"), choice("billing", "账务", "Billing")],
        ),
        Field::number("target", Text::fixed("目标值", "Target")).unit(Text::fixed("%", "%")),
        Field::day("from", Text::fixed("生效日", "In effect from")),
        Field::radios(
            "decides",
            Text::fixed("做到的判定", "Counts as shown"),
            vec![
                choice("each", "每次", "Each time")
                    .hint(Text::fixed("每个适用时机都做到", "on every occasion")),
                choice("any", "任一次", "Any time")
                    .hint(Text::fixed("至少一个时机做到", "on at least one occasion")),
            ],
        ),
        Field::code("rule", Text::fixed("规则", "Rule"), 4),
        Field::check("live", Text::fixed("保存后立即启用", "Use it at once")),
    ]
}

fn stored() -> Values {
    Values::new(Vec::new())
        .with("name", "确认理解")
        .with("line", "faults")
        .with("target", 85)
        .with("from", "2026-03-02")
        .with("decides", "any")
        .with(
            "rule",
            "agent says any of (\"您看可以吗\", \"我说清楚了吗\")\n  within 3 turns after agent explains",
        )
        .with("live", 1)
}

fn save() -> Text {
    Text::fixed("保存", "Save")
}

pub(super) fn plain(cx: &Cx) -> Markup {
    let (values, errors) = (stored(), FieldErrors::new());
    let action = Href::new("/behaviours/3");
    form(
        cx,
        &Form::new(action.clone(), &values, &errors, save()).version(3).draft("sample-3").cancel(action),
        &fields(),
    )
}

pub(super) fn failed(cx: &Cx) -> Markup {
    let values = Values::new(Vec::new()).with("target", "850").with("rule", "agent says any of (\"您看");
    let mut errors = FieldErrors::new();
    errors.add("name", Text::fixed("请填写名称。", "Give it a name."));
    errors.add(
        "target",
        Text::fixed("“850” 超出范围，请填 1 到 100。", "“850” is out of range; give 1 to 100."),
    );
    errors.add(
        "rule",
        Text::fixed("第 1 行第 20 列：引号没有结束。", "Line 1, column 20: the quote is not closed."),
    );
    form(cx, &Form::new(Href::new("/behaviours/3"), &values, &errors, save()), &fields())
}

pub(super) fn conflict(cx: &Cx) -> Markup {
    let view = EditConflict {
        who: "陈思雨".to_owned(),
        at: cx.now,
        differences: vec![
            Difference {
                label: Text::fixed("目标值", "Target"),
                theirs: "80".to_owned(),
                yours: "85".to_owned(),
            },
            Difference {
                label: Text::fixed("规则", "Rule"),
                theirs: "agent says \"您看可以吗\"".to_owned(),
                yours: "agent says any of (\"您看可以吗\", \"我说清楚了吗\")".to_owned(),
            },
        ],
        latest: Href::new("/behaviours/3"),
    };
    edit_conflict(cx, &view)
}

pub(super) fn log_in(cx: &Cx) -> Markup {
    let (values, errors) = (Values::default(), FieldErrors::new());
    let fields = [
        Field::text("name", Text::fixed("账号", "Account")).required().autocomplete("username").autofocus(),
        Field::secret("password", Text::fixed("密码", "Password"))
            .required()
            .autocomplete("current-password"),
    ];
    html! { (form(cx, &Form::new(Href::new("/login"), &values, &errors, Text::fixed("登录", "Log in")), &fields)) }
}
