//! What is said between the behaviours: answers, farewells, reactions, fillers.

/// Short acknowledgements of a customer.
pub const YES: &[&str] = &[
    "好的。",
    "嗯，行。",
    "好。",
    "可以。",
    "行吧。",
    "嗯嗯。",
    "哦，好的。",
    "那行。",
    "嗯，知道了。",
    "好，谢谢。",
    "没问题。",
    "对。",
];

/// Answers to “anything else?”.
pub const NOTHING_MORE: &[&str] = &[
    "没有了，谢谢。",
    "没了，就这个事。",
    "暂时没有。",
    "没有了，辛苦你。",
    "不用了，谢谢啊。",
    "就这些。",
    "没有啦。",
    "嗯，没事了。",
];

/// A customer's farewell.
pub const BYE: &[&str] = &["再见。", "拜拜。", "好，再见。", "嗯，拜拜。", "谢谢，再见。"];

/// Ends without farewell: the customer has to go, or the line drops in mid-sentence.
pub const ABRUPT: &[&str] = &[
    "哎我这边来人了，先挂了啊。",
    "我要开会了，就这样。",
    "行了行了，先不说了。",
    "电话要没电了，先……",
    "我这进电梯了……",
    "哎有个电话进来，先这样。",
];
/// The same in chat.
pub const CHAT_ABRUPT: &[&str] =
    &["我要开会了，就这样。", "行了行了，先不说了。", "有事，先下了。", "先这样。"];

/// Worry about what does not work.
pub const FAULT_FEELING: &[&str] = &[
    "我都快急死了，家里老人孩子都等着用呢。",
    "我现在心里特别着急，明天一早就要用。",
    "一家人都指着它，真是急人。",
    "我在家办公呢，急得团团转。",
];
/// Worry about money.
pub const MONEY_FEELING: &[&str] = &[
    "我很担心会影响到我的征信，一晚上没睡好。",
    "我特别害怕这个钱就这么没了，心里慌得很。",
    "每一分钱都是辛苦挣的，想起来就生气。",
    "老这么扣我心里很不踏实，特别焦虑。",
];
/// Anger at being called.
pub const OUTBOUND_FEELING: &[&str] = &[
    "你们天天打电话，烦死了！",
    "再打骚扰电话我就投诉了。",
    "又是推销，我真的很生气，说了不要打了。",
    "上班时间老接到这种电话，真受不了。",
    "我开会呢，你们有完没完，气死我了。",
];
/// After the opening of our own call.
pub const OUTBOUND_REASON: &[&str] = &[
    "我们最近给老客户做了一个回馈。",
    "系统选到您是这次活动的老客户。",
    "看到您用了很多年了，有一个专门的活动。",
    "是这样的，这个月有个针对老用户的活动。",
];

/// Receives a plain request.
pub const RECEIPT: &[&str] = &[
    "好的，可以的。",
    "没问题。",
    "好，我来帮您看。",
    "嗯，可以。",
    "好的，请问一下，",
    "可以的，我帮您弄。",
    "好嘞。",
];
/// Confirms what was said back.
pub const RIGHT: &[&str] =
    &["对，就是这样。", "对。", "没错。", "是的，就是这个意思。", "嗯，对的。", "是这样的。", "对对对。"];
/// Stands alone after a hold when the customer speaks next.
pub const AFTER_HOLD: &[&str] =
    &["情况我看过了。", "记录我看到了。", "这边查完了。", "资料都调出来了。", "系统里的信息我看了一遍。"];
/// Reaction to what was disclosed.
pub const REACTION: &[&str] = &[
    "哦，这样啊。",
    "嗯，跟我想的差不多。",
    "这么多啊。",
    "好，我记一下。",
    "哦，知道了。",
    "那行。",
    "嗯，我看看。",
];
/// Listens on without explaining.
pub const LISTEN: &[(&str, &str)] = &[
    ("嗯，您说。", "就是这么个事。"),
    ("我在听，您讲。", "反正就是这样。"),
    ("嗯嗯，您继续。", "没了，就这些。"),
];
/// Prods for what comes next.
pub const WHAT_NEXT: &[&str] =
    &["然后呢？", "那后面怎么弄？", "那我要做什么？", "大概是个什么安排？", "嗯，接着呢？"];
/// Prods after a refusal.
pub const REFUSED: &[&str] =
    &["啊？", "就这样啊？", "怎么就不可以呢？", "这么说就是没戏了？", "哎，你们这规矩。"];
/// After consent; the word that it is on now is only said where the price is known.
pub const DONE: &[&str] = &[
    "好的，给您弄好了，短信马上到。",
    "好，弄好了，您看一下短信。",
    "行，稍后短信会提醒您。",
    "好的，都弄好了。",
];
/// Respects a refusal of the offer.
pub const RESPECT: &[&str] =
    &["好的，没关系，您考虑考虑。", "行，不勉强您。", "嗯，您先看看短信介绍。", "好的，有需要您随时找我们。"];
/// Agrees to a time.
pub const TIME_OK: &[&str] =
    &["可以，方便的。", "行，那个时间我有空。", "好，我等你电话。", "可以。", "方便，打这个号就行。"];

/// Fillers of customers on the phone.
pub const FILLERS: &[&str] = &["嗯，", "那个，", "就是，", "哎，", "呃，", "啊，", "这个，"];
/// Fillers of agents.
pub const AGENT_FILLERS: &[&str] = &["嗯，", "好的，", "好，", "是，", "呃，", "那么，"];
/// How speech recognition mishears: what was said, what is written.
pub const MISHEARD: &[(&str, &str)] = &[
    ("宽带", "款待"),
    ("套餐", "套参"),
    ("流量", "留量"),
    ("光猫", "光毛"),
    ("师傅", "师付"),
    ("机顶盒", "机顶合"),
    ("路由器", "路由气"),
];

/// Agreeing to a package, and not.
pub const CONSENT: &[&str] =
    &["行，那办吧。", "可以，办一个。", "嗯，开吧。", "好，就这个。", "行，试试看。", "可以的。"];
/// Declining a package.
pub const NO_CONSENT: &[&str] = &[
    "我再想想吧。",
    "算了，暂时不用。",
    "先不办了，我跟家里商量一下。",
    "不用了，现在的够用。",
    "下次再说吧。",
];

/// Giving one's identity.
pub const IDENTITY: &[&str] = &[
    "{cust}，{tail}。",
    "我叫{cust}，后四位{tail}。",
    "{cust}，尾号是{tail}。",
    "嗯，{cust}，{tail}。",
    "名字{cust}，后面是{tail}。",
];
/// Giving a service password.
pub const PASSWORD: &[&str] = &["好，{pin}。", "密码是{pin}。", "{pin}。", "我输了，{pin}。"];
/// Saying which number it is about.
pub const NUMBER: &[&str] = &["就是这个号。", "嗯，是{tel}。", "{tel}。", "对，本机。", "就现在打的这个。"];

/// What a customer says while the agent hands the call over, and how it is handed over.
pub const TRANSFER: &[(&str, &str)] = &[
    ("我找{desk}。", "好的，我帮您转到{desk}专席，马上接通。"),
    ("请帮我转{desk}的人工。", "好，现在就为您转接{desk}专席。"),
    ("不是找你，我要找{desk}那边。", "嗯，这就给您转过去，{desk}专席会接听。"),
    ("我按错键了，我要{desk}。", "没关系，我帮您转{desk}专席。"),
];
/// The second agent takes over.
pub const TAKE_OVER: &[&str] = &[
    "您好，{desk}专席，工号{no}，您请讲。",
    "您好，我是{desk}专席的{nick}，请说。",
    "您好，这里是{desk}专席，我是{nick}。",
];

/// Openings where no name is owed: chat, and calls made by us.
pub const CHAT_OPENING: &[&str] = &[
    "您好，这里是安澜通信在线客服，请描述一下您的需求。",
    "您好，很高兴为您服务。",
    "亲，您好，请问有什么可以帮您？",
    "您好，人工客服已接入，请说。",
];
/// How our own calls open: (agent, customer).
pub const OUTBOUND_OPENING: &[(&str, &str)] = &[
    ("您好，请问是{cust}{ttl}吗？我是安澜通信的客服代表{nick}，打扰您一分钟。", "嗯，你说。"),
    ("您好，这里是安澜通信，我是{nick}，请问您是尾号{tail}的机主吗？", "是我，什么事？"),
    ("{ttl}您好，我是安澜通信{no}号客服，想跟您介绍一个老客户活动。", "哦，什么活动？"),
    ("您好{ttl}，安澜通信{nick}，看到您的套餐快用完了，给您打个电话。", "哦，这样，你讲。"),
];
