//! What people say: for each behaviour the situation, the ways of doing it, and the ways of visibly not doing it.
//!
//! Definitions the phrases are written to (the rules are written to the same definitions, not to these sentences):
//!
//! | behaviour | applies when | shown when |
//! |---|---|---|
//! | `greeting_with_name` | inbound voice call | the conversation's first agent turn greets and says the agent's own name or number; the company's name alone is not enough |
//! | `acknowledge_feeling` | the customer voices anger, worry or frustration, or threatens a complaint | within the next 3 agent turns the agent names the feeling, apologises or puts themselves in the customer's place, before explaining |
//! | `check_understanding` | the customer describes a problem: something does not work, is wrong, missing, late, or was charged or switched on unasked | within the next 3 agent turns the agent says it back in own words and asks whether that is right |
//! | `confirm_callback_time` | the agent promises to call or answer later | a concrete time is given *and* the customer is asked whether it suits; a time without the question, or “soon”, is not |
//! | `verify_identity` | the agent discloses account data: balance, bill, arrears, points, order detail | before that, the agent asked for name and ID/phone digits, or for the service password, and got an answer; asking only which number it is about is not enough |
//! | `no_forbidden_phrases` | every conversation | no rude, indifferent or mocking phrase by the agent |
//! | `no_blame` | every conversation | the agent blames neither customer nor colleague nor another department |
//! | `clear_next_step` | not solved on the spot: the agent opens a work order or escalates | the agent says what happens next, who does it and by when |
//! | `closing_question` | the call ends normally: the agent says farewell | before the farewell the agent asks whether anything else is needed |
//! | `explain_hold` | the agent asks the customer to hold the line | says why *and* how long, *and* thanks on return; any of the three missing is not shown |
//! | `offer_alternative` | the agent declines what the customer asks for | within the next 2 agent turns offers another way |
//! | `price_before_consent` | the agent asks for consent to a package, or says it is now switched on | price or terms were said before that |
//!
//! A conversation holds at most one occasion of each. Words that reveal one behaviour are kept out of the others'
//! phrases and out of the topics; `tests.rs` checks that. Slots in braces are filled by [`super::fill`].

mod between;

pub use between::*;

/// The phrases of one behaviour.
pub struct Ways {
    /// What brings the situation about.
    pub situations: &'static [&'static str],
    /// Doing it.
    pub shown: &'static [&'static str],
    /// Not doing it, with something else said in its place.
    pub missed: &'static [&'static str],
}

/// The situation is the inbound voice call itself; it opens with silence or a customer's “喂”.
pub const GREETING_WITH_NAME: Ways = Ways {
    situations: &["喂", "喂，你好", "喂，听得到吗", "哎，通了", "你好", "喂喂", "你好，人工吗", "哎，你好"],
    shown: &[
        "您好，工号{no}为您服务，请讲。",
        "您好，我是{nick}，很高兴为您服务。",
        "您好，安澜通信客服{no}号，请问有什么可以帮您？",
        "{hi}，我是您的客服代表{nick}，请问需要什么帮助？",
        "您好，这里是安澜通信，我姓{asur}，请讲。",
        "你好，{no}为您服务，请问您要咨询什么？",
        "您好，欢迎致电安澜通信，我是{full}，请说。",
        "您好，客服代表{full}为您服务。",
        "{ttl}您好，我叫{full}，请问什么事情可以帮到您？",
        "您好您好，我是工号{no}的{nick}，您请讲。",
        "您好，感谢来电，这边是{nick}，请问您遇到什么情况？",
        "喂您好，我这边工号是{no}，请问有什么需要？",
        "您好，{no}号话务员为您服务，请问您需要办什么？",
        "{hi}，安澜通信{nick}，请问有什么能帮您的？",
    ],
    missed: &[
        "您好，请讲。",
        "喂，您好，请问什么事？",
        "您好，安澜通信。",
        "您好，有什么可以帮您？",
        "喂，你说。",
        "您好，欢迎致电安澜通信，请问您要咨询什么？",
        "你好，请问需要什么帮助？",
        "您好，这里是客服热线，请说。",
        "嗯，您好，请问您遇到什么情况？",
        "请讲。",
    ],
};

/// Feelings of the customer; the agent names them, or goes on as if nothing had been said.
pub const ACKNOWLEDGE_FEELING: Ways = Ways {
    situations: &[
        "我真的很生气，你们这是什么服务！",
        "再不解决我就去投诉你们！",
        "气死我了，一次又一次的。",
        "你们这样我要打12315了。",
        "太让人失望了，用了你们十年了。",
        "我真是受不了了，太折腾人了。",
        "说实话我很恼火。",
        "你们这也太不像话了，我要投诉！",
        "烦死了，天天为这个事操心。",
        "太过分了，把客户当什么了！",
        "我忍你们很久了，今天必须给我个说法。",
        "真让人寒心，越是老客户越不当回事。",
        "我是真的无语了，火都上来了。",
        "你们要是不管，我就找工信部投诉去。",
    ],
    shown: &[
        "非常理解您的心情，换作是我也会着急。",
        "真的很抱歉，让您这么生气。",
        "您先别着急，我特别能体会您现在的感受。",
        "对不起，给您添了这么多麻烦。",
        "听得出来您很着急，这件事我一定跟到底。",
        "您生气是应该的，这种事谁碰上都不好受。",
        "实在不好意思，让您操心了。",
        "我明白您的担心，您放心，我来帮您处理。",
        "让您失望了，我向您道歉。",
        "您的感受我完全理解。",
        "遇到这样的情况，您有情绪是很正常的。",
        "确实，要是我家里这样我也会急的。",
        "先跟您说声对不起，这段时间您受累了。",
        "您别上火，我知道您已经为这件事费了很多心思。",
        "给您带来不便，真的非常抱歉。",
        "我能感受到您的委屈，您慢慢说，我在听。",
    ],
    missed: &[
        "这个要看系统里的记录。",
        "嗯，我看一下系统。",
        "这是按照流程来的。",
        "您先说一下具体是哪个号码。",
        "系统里目前显示是正常的。",
        "这个一般都是自动处理的。",
        "嗯，先看数据。",
        "我们这边都有统一的流程。",
        "好，我先给您看看记录。",
        "这类情况通常是系统同步比较慢造成的。",
        "行，那您把时间说一下。",
    ],
};

/// The problem itself is said in the words of the topic; these are ways of saying it back (`{sum}`) or going on.
pub const CHECK_UNDERSTANDING: Ways = Ways {
    situations: &[], // the `opens` of every topic that is a problem
    shown: &[
        "您的意思是{sum}，对吗？",
        "我跟您确认一下，您反映的是{sum}，是这样吗？",
        "我复述一下，{sum}，您看我说得对不对？",
        "也就是说，{sum}，对吧？",
        "您是说{sum}，是这个情况吗？",
        "我听明白了，{sum}，没错吧？",
        "那我总结一下：{sum}，是不是这样？",
        "您说的是{sum}，我没听错吧？",
        "所以现在的情况是{sum}，对吗？",
        "先跟您核对一下问题，{sum}，是这样的吗？",
        "我这边记的是{sum}，您看对吗？",
        "如果我没听错的话，是{sum}，对不对？",
        "好，我重复一遍，{sum}，您听听有没有出入？",
    ],
    missed: &[
        "好的，我来看一下。",
        "嗯，知道了。",
        "行，这个我来处理。",
        "好，我记下来了。",
        "嗯嗯，这种情况挺常见的。",
        "好的，我先问您几个问题。",
        "收到，我马上查。",
        "哦，这样啊，我看看。",
        "好，那我们一步一步来。",
        "嗯，这个我熟，您照我说的做就行。",
    ],
};

/// The promise leads (why it takes time); the time and the question follow, or not.
pub const CONFIRM_CALLBACK_TIME: Ways = Ways {
    situations: &[
        "这个我要跟后台核一下。",
        "这件事得问一下主管才有准信。",
        "您这个情况要调录音看看。",
        "这个数据要等系统跑完才看得到。",
        "我得跟营业厅那边对一下。",
        "这边需要跟计费系统核一遍。",
        "我先去了解一下当时的情况。",
        "这个政策我要再查细一点。",
        "当时的记录要找一下。",
    ],
    shown: &[
        "我{when}给您回电话，您那个时候方便接听吗？",
        "{when}我给您回电，您看可以吗？",
        "我在{when}打给您，这个时间您方便吗？",
        "那就{when}，我给您回个电话，行吗？",
        "查好了我{when}回复您，您看这个时间合适吗？",
        "我{when}准时给您打过去，您那会儿有空吗？",
        "咱们约{when}，我主动联系您，您看行不行？",
        "您{when}不忙吧？我就那个时间给您回电，可以吗？",
        "我会在{when}致电您{tel}这个号码，时间上您方便吗？",
        "最晚{when}我一定回您电话，这样安排您同意吗？",
        "{when}给您回拨，您看这个点可以接电话吗？",
        "结果我{when}打电话告诉您，您这个时间在忙吗？",
        "我定在{when}给您回电，要是不合适您说个时间，可以吗？",
    ],
    missed: &[
        "我们会尽快给您回电话的。",
        "有结果了我再联系您。",
        "回头给您打过去。",
        "到时候会有人给您回电。",
        "您保持电话畅通，我们会回复您的。",
        "这两天会给您回个电话。",
        "查到了就打给您。",
        "晚点我给您回电。",
        "后面会有专人联系您的，您留意电话就行。",
        "{when}会给您回电话的。",
        "弄清楚以后给您回拨。",
    ],
};

/// The situation is the disclosure, said in the words of the topic; these ask for identity, or only for a number.
pub const VERIFY_IDENTITY: Ways = Ways {
    situations: &[], // the `discloses` of the topics
    shown: &[
        "为了您的信息安全，请您提供一下机主姓名和身份证后四位。",
        "查之前需要核实身份，请说一下您的姓名和证件号末四位。",
        "麻烦您报一下机主姓名，还有身份证的最后四位数。",
        "请输入您的服务密码进行身份验证。",
        "按规定先核实一下机主信息，姓名和身份证尾号后四位请报一下。",
        "请问登记的姓名是什么？身份证号后四位是多少？",
        "先做个身份核实，您的全名以及办业务时留的手机号后四位是？",
        "请您报一下服务密码，我验证之后帮您查。",
        "需要验证机主身份，请提供姓名和证件后四位。",
        "这涉及账户隐私，先请您说一下开户人姓名和身份证末尾四位。",
        "请问机主贵姓全名？证件号码最后四位数字报给我就行。",
        "核实一下身份：姓名，还有预留手机号码的后四位。",
        "麻烦提供开户时的姓名和身份证后四位，验证通过后我马上查。",
    ],
    missed: &[
        "好的，请问是查来电的这个号码吗？",
        "您报一下要查的号码。",
        "就查本机是吧，我看到了。",
        "嗯，我直接帮您看一下。",
        "行，号码我这边有显示。",
        "好，马上给您看。",
        "是{tel}这个号吧，我打开看看。",
        "好的，页面已经打开了。",
        "嗯，系统里能看到。",
    ],
};

/// Every conversation is the situation; a customer's plain question goes before an offence. `missed` is the offence.
pub const NO_FORBIDDEN_PHRASES: Ways = Ways {
    situations: &[
        "那这个具体怎么弄？",
        "你再说一遍，我没记住。",
        "那我现在要做什么？",
        "你刚才说的那个是什么意思？",
        "这个是在哪里看？",
        "那接下来呢？",
        "哦，那个步骤能再讲讲吗？",
        "那我到底点哪个？",
    ],
    shown: &[
        "我再跟您说一遍，您拿笔记一下。",
        "没问题，我慢慢跟您说。",
        "好的，我换个说法给您讲。",
        "您看首页下面那一排，从左数第二个。",
        "可以的，我一步一步陪您做。",
        "嗯，您先打开手机里我们的客户端。",
        "您跟着我来，第一步点“我的”。",
        "是这样的，就是在设置里面打开那个开关。",
        "好，我讲慢一点。",
        "您看屏幕右上角，有三个点。",
        "没关系，很多客户第一次也不熟。",
        "行，我从头给您说。",
    ],
    missed: &[
        "跟你说了多少遍了，你听不懂吗？",
        "你爱怎么样就怎么样吧。",
        "这不归我管，你问我也没用。",
        "随便你，你自己看着办。",
        "我也不知道，你问别人去。",
        "你到底想干什么？",
        "有完没完啊你。",
        "你去告好了，告到哪儿都一样。",
        "你讲不讲道理啊。",
        "我就这个态度，你能怎样？",
        "听清楚了没有，我不想再说第二遍。",
        "嫌麻烦你就别用了。",
    ],
};

/// As above: a plain question of the customer, and who gets the blame.
pub const NO_BLAME: Ways = Ways {
    situations: &[
        "怎么会出现这种情况呢？",
        "这是什么原因啊？",
        "以前都好好的，这次是为什么？",
        "那这个是哪个环节的事？",
        "你们内部是怎么弄的？",
        "那原因查到了没有？",
        "这中间是怎么回事？",
        "你帮我看看是为什么。",
    ],
    shown: &[
        "原因我来查，查清楚之后跟您说明。",
        "这件事由我来跟进，您找我就行。",
        "从记录上看，是系统同步晚了一些。",
        "这个我们会内部查清楚，先把您的事情办好。",
        "是我们的流程没有衔接好。",
        "我先帮您把事情处理了，原因我们后面复盘。",
        "目前看是线路老化引起的。",
        "这次是系统割接引起的。",
        "是参数没有同步过来，我来处理。",
        "查下来是配置的问题，我来调整。",
        "这个由我们来负责。",
        "具体原因正在排查。",
    ],
    missed: &[
        "这是您自己操作错了，怪不着我们。",
        "那是上一个同事没弄好，跟我没关系。",
        "这是装维那边的问题，是他们不干活。",
        "谁让您自己不看清楚就点确认的。",
        "都是营业厅那帮人乱来，我们也是替他们背锅。",
        "您当时要是仔细看短信，就不会有这事了。",
        "这得怪您自己没有提前说。",
        "是前面接电话的那个人没记清楚，不关我的事。",
        "后台部门的人做事就这样，我们也被他们坑了。",
        "还不是因为您自己把设置改乱了。",
        "责任在您这边，是您自己没注意。",
    ],
};

/// The work order or escalation leads; who does what by when follows, or not.
pub const CLEAR_NEXT_STEP: Ways = Ways {
    situations: &[
        "这个我帮您登记一个工单。",
        "我把您的情况提交上去。",
        "这边给您派个单子。",
        "我帮您升级到上一级处理。",
        "您的问题我已经上报了。",
        "我现在就给您建一个工单。",
        "这个需要派单处理，我来提交。",
        "我先把这个情况反馈给相关部门。",
        "这件事我给您升级处理。",
        "我这边马上下一张加急工单。",
    ],
    shown: &[
        "接下来由{who}负责，{due}给您处理好。",
        "{who}会在{due}上门检查，修好以后您会收到短信。",
        "下一步是{who}核查，最迟{due}出结果，短信通知您。",
        "单子已经到{who}那里了，{due}会处理完。",
        "后面是这样的：{who}先排查，{due}给您一个处理结果。",
        "{due}，{who}会把这件事办完，进度在客户端里看得到。",
        "由{who}专门跟进，{due}完成，我会盯着这张单子。",
        "处理的人是{who}，时限是{due}，超时系统会自动催办。",
        "{who}收到后先做检测，{due}恢复，恢复后发短信给您。",
        "流程上先到{who}，他们{due}给出方案，方案会发到您手机上。",
        "{who}接手，{due}上门，您家里留个人就行。",
        "我已经指定给{who}，{due}必须办结。",
        "接下来{who}会核对记录，{due}把结果用短信发给您。",
    ],
    missed: &[
        "您等通知就行了。",
        "后面会有人处理的。",
        "您就等着吧，会处理的。",
        "一般都会解决的，您放心。",
        "单子进系统了，按流程走。",
        "我们会尽快处理的。",
        "这个要排队，具体看那边安排。",
        "处理好了自然就恢复了。",
        "已经记上了，您耐心一点。",
        "会给您一个说法的。",
    ],
};

/// The farewell is the situation.
pub const CLOSING_QUESTION: Ways = Ways {
    situations: &[
        "好的，感谢您的来电，再见。",
        "祝您生活愉快，再见。",
        "谢谢您的支持，再见！",
        "那就不打扰您了，再见。",
        "感谢您对安澜通信的支持，祝您一切顺利，再见。",
        "好的，再见，祝您有愉快的一天。",
        "请您留意后续的评价短信，谢谢，再见。",
        "好嘞，那先这样，再见。",
        "不客气，应该的，再见。",
        "祝您工作顺利，再会。",
        "好，拜拜。",
    ],
    shown: &[
        "请问还有其他可以帮您的吗？",
        "您看还有什么需要我帮忙的吗？",
        "除了这个，还有别的问题要咨询吗？",
        "请问您还有其他疑问吗？",
        "还有什么能帮到您的吗？",
        "其他方面还有需要我协助的吗？",
        "您还有没有别的事情需要处理？",
        "今天还有其他业务要办吗？",
        "别的还有什么要了解的吗？",
        "您这边还需要别的帮助吗？",
        "还有什么要问的，您尽管说？",
        "除此之外，还有哪里需要我帮您看看吗？",
        "请问还需要其他帮助吗？",
    ],
    missed: &[
        "好的，那就这样。",
        "行，那没事了。",
        "嗯，就这样吧。",
        "好，那您先用着。",
        "那就按刚才说的来。",
        "好的，今天就到这里。",
        "行，已经给您弄好了。",
        "嗯，记得留意短信。",
    ],
};

/// Asking the customer to hold. `shown` gives why and how long; the return thanks ([`HOLD_THANKS`]).
pub const EXPLAIN_HOLD: Ways = Ways {
    situations: &[
        "您稍等。",
        "等我一下啊。",
        "稍等一下。",
        "别挂机。",
        "您先等一下。",
        "您在线等等。",
        "您先别挂。",
        "稍等哈。",
        "请稍候。",
    ],
    shown: &[
        "我需要进后台查一下记录，大概{min}，请您在线稍等，别挂机。",
        "因为要调取系统数据，大约需要{min}，您稍等一下好吗？",
        "我去跟技术同事核实，{min}左右，请您稍等，不要挂断。",
        "我查一下后台的受理状态，预计{min}，麻烦您在线等一下。",
        "系统打开比较慢，我要{min}才能看到结果，请您稍等。",
        "我跟主管请示一下这个政策，差不多{min}，您先别挂机。",
        "为了给您一个准确的答复，我要翻一下历史记录，{min}就好，请稍候。",
        "我要比对几项数据，需要{min}，这期间您别挂机。",
        "这里要核对两边的数据，占用您{min}，请您在线稍等。",
        "我看一下知识库里最新的规则，{min}以内，稍等。",
        "我要做个远程检测，时间是{min}，请保持通话稍等片刻。",
        "帮您查一下当时的操作日志，请给我{min}，在线等我一下。",
    ],
    missed: &[
        "您稍等。",
        "等我一下啊。",
        "嗯，稍等一下。",
        "我看看，您先别挂。",
        "稍等哈，我查查。",
        "您先等一下，我看看系统。",
        "别挂机，我问一下。",
        "请稍候，我这边查询一下。",
        "哎您在线等等。",
    ],
};

/// The third part of [`EXPLAIN_HOLD`]: thanks on return.
pub const HOLD_THANKS: &[&str] = &[
    "感谢您的耐心等待，",
    "谢谢您等我，",
    "感谢您的等待，这边看到了，",
    "您好，谢谢您耐心等候，",
    "多谢您的等待，",
    "感谢等候，",
    "谢谢您的耐心，这边有结果了，",
    "让我先谢谢您的等待，",
];

/// A return that does not thank.
pub const HOLD_RETURN: &[&str] = &[
    "好了，",
    "喂，还在吧，",
    "行，出来了，",
    "嗯，看到了，",
    "您好，我看了，",
    "行，有了，",
    "喂，您好，",
    "好，出来了，",
];

/// What the customer asks for is in the topic; these decline it, and offer another way, or repeat the rule.
pub const OFFER_ALTERNATIVE: Ways = Ways {
    situations: &[
        "这个目前办不了。",
        "系统里不支持这样操作。",
        "这个我们做不到。",
        "按现在的规则是不可以的。",
        "这个申请通过不了。",
        "您这个要求不符合条件，不能办。",
        "这项活动您参加不了。",
        "这个权限我们这边没有，无法操作。",
        "这个不行的。",
        "目前不提供这项服务。",
    ],
    shown: &[
        "不过我可以帮您申请一张补偿券，下次能抵扣。",
        "要不这样，我帮您走线上渠道试一试，也能达到差不多的效果。",
        "但是有另外一个方案，我给您申请积分补偿。",
        "您看这样行不行，我先帮您争取减掉一部分费用。",
        "替代的办法是带证件去附近营业厅，由店长当面处理。",
        "不过我可以帮您申请分两次来，这样也能接受。",
        "另外一条路是在客户端上自助申请，我教您怎么填。",
        "我建议您换一种方式，走书面申请，成功的机会大一些。",
        "那我给您出个主意，下个账期一开始就申请，那时候名额多。",
        "虽然如此，我可以先帮您加一个提醒，避免再发生。",
        "您也可以选择电子渠道，当天就有结果。",
        "换个思路，我帮您申请延期，先不影响使用。",
        "如果您愿意，可以先用七天的体验版看看。",
        "这样吧，我给您申请一次老客户关怀，多少能补一些。",
    ],
    missed: &[
        "这是公司的规定。",
        "大家都是一样的。",
        "规则就是这样写的。",
        "系统就是这么设置的。",
        "协议里面写得很清楚。",
        "一直都是这样的。",
        "全国都是统一的。",
        "这个谁来都一样。",
        "就是这么个情况。",
    ],
};

/// Asking for consent, or saying that it is on now. `shown` states price or terms and goes before; `missed` praises.
pub const PRICE_BEFORE_CONSENT: Ways = Ways {
    situations: &[
        "您看现在帮您开通可以吗？",
        "我这边直接给您办上，好吗？",
        "您同意的话我马上为您开通。",
        "那我就给您办理了，行吗？",
        "现在给您开通，您看怎么样？",
        "要不我现在就帮您办一个？",
        "您确认办理吗？",
        "好，那已经为您开通成功了，马上生效。",
        "那我给您换成{pkg}，现在生效可以吧？",
    ],
    shown: &[
        "{pkg}月租是{fee}元，合约期12个月。",
        "费用是每月{fee}元，从下个月一号开始收。",
        "这个一个月{fee}块钱，随时可以取消。",
        "价格跟您说一下，{fee}元一个月，首月按天折算。",
        "每个月{fee}元，签两年，提前取消要付剩余月份的三成。",
        "资费是{fee}元每月，超出部分另计。",
        "现在活动价{fee}元，半年以后恢复原价。",
        "月费{fee}块，不用交押金。",
        "一次性收{fee}元，三十天内用完，不结转。",
        "在您现在的基础上每月多付{fee}元。",
        "需要先跟您说明，每月扣{fee}元，合约一年。",
        "总共是{fee}元一个月，含税，没有附加收费。",
        "这款的价格是{fee}块一个月，用满一年送三个月。",
    ],
    missed: &[
        "{pkg}特别划算，好多客户都在用。",
        "这款流量有{gb}个G，看视频完全够用。",
        "正好在做活动，名额有限。",
        "这个对您来说真的挺合适的。",
        "速度比您现在的快一倍。",
        "还送视频会员，随便看。",
        "老客户专享的，别人还没有呢。",
        "用过的都说好，通话时间也多。",
        "还能带两张副卡，一家人都能用。",
    ],
};

/// After a package is on without its price: the customer may ask, and learns it too late.
pub const PRICE_TOO_LATE: &[(&str, &str)] = &[
    ("这个要花多少钱？", "每个月{fee}元。"),
    ("哎，那费用呢？", "一个月{fee}块。"),
    ("那这个收不收费啊？", "收的，{fee}元一个月。"),
    ("等下，多少钱一个月？", "{fee}元每月，从话费里扣。"),
];

/// Neutral things that happen on the line: (customer, agent).
pub const SMALL_TALK: &[(&str, &str)] = &[
    ("喂？你那边声音有点小。", "现在呢，听得清楚吧？"),
    ("你刚说的什么？没听清。", "我说麻烦您把那个号码再报一遍。"),
    ("今天打你们电话的人挺多啊。", "是的，上午这个点来电比较集中。"),
    ("我这边有点吵，在路上。", "没事，您大点声就行。"),
    ("我记一下啊，你说慢点。", "好，我慢点说，您拿支笔。"),
    ("我让我爱人听一下。", "可以，您把电话给他。"),
    ("你是本地的吧，听口音像。", "哈哈，是的，听出来啦。"),
    ("哎呀，我眼镜没戴，看不清字。", "没关系，您把字放大一点看。"),
    ("你们周末也上班啊。", "对，我们全年都有人值班。"),
    ("孩子在旁边闹，你再说一遍。", "没事，我刚才说的是看一下屏幕右上角。"),
    ("这个号码我用了有八九年了。", "嗯，看到了，是我们的老客户。"),
    ("你们那边下雨没有？", "今天是阴天，还没下。"),
    ("喂，能听见我说话不？", "能听见，您说。"),
    ("我在开车，开着免提呢。", "好，您注意安全，我长话短说。"),
];
