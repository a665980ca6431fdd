// Once around the loop, as three people; walked by the journey of that name and by the tour of the README.

import { expect } from "./lib.mjs";

const WORDS = {
  zh: {
    leader: "班组长",
    specialist: "质培",
    manager: "经理",
    agent: "客服代表",
    rehearse: "开始陪练",
    worked: "有效",
    says: [
      "您好，这件事给您添麻烦了，真的很抱歉，换成是我也会着急，我马上帮您查。",
      "为了信息安全，先跟您核对一下，请问机主姓名和证件后四位是多少？",
      "我跟您确认一下，您说的是这个问题，对吗？",
      "我现在就给您处理，请问还有什么可以帮您的吗？",
    ],
  },
  en: {
    leader: "Team leader",
    specialist: "Quality specialist",
    manager: "Manager",
    agent: "Agent",
    rehearse: "Rehearse",
    worked: "Worked",
    says: [
      "I'm so sorry about this, I would be upset too. I'll look into it right now.",
      "For your security, may I have the name on the account and the last four digits?",
      "Let me make sure that I understand you: this is what went wrong, is that right?",
      "I'll take care of it now. Is there anything else I can help you with?",
    ],
  },
};

/** Signs in as the first person offered for a role. */
export async function enter(page, lang, role) {
  await page.context().clearCookies();
  await page.goto("/sign-in");
  await page.getByRole("button", { name: WORDS[lang][role] }).first().click();
  await page.waitForURL((url) => url.pathname === "/");
}

/** From a gap of a team to the proof of an earlier improvement. */
export async function aroundTheLoop({ page, step, lang }) {
  const words = WORDS[lang];
  const submit = () => page.locator("main form button[type=submit]").first().click();
  let improvement = "";

  let gap = "";
  await step("a leader sees the gap of their team", async () => {
    await enter(page, lang, "leader");
    await page.goto("/gaps?kind=team");
    gap = await page.locator("main a[href^='/improvements/new?gap=']").first().getAttribute("href");
  });
  await step("the specialist makes an improvement of it", async () => {
    await enter(page, lang, "specialist");
    await page.goto(gap);
    expect((await page.locator("[name=title]").inputValue()).length > 0, "the title is not filled in");
    await chooseSecond(page, "owner");
    await page.locator("[name=supervisor]").selectOption({ index: await lastIndex(page, "supervisor") });
    if ((await page.locator("[name=partner]").inputValue()) === "") await chooseSecond(page, "partner");
  });
  await step("it is opened, and what will be measured is frozen", async () => {
    await submit();
    await page.waitForURL(/\/improvements\/[0-9a-f-]{36}/);
    improvement = new URL(page.url()).pathname;
  });
  await step("the manager agrees", async () => {
    await enter(page, lang, "manager");
    await page.goto(improvement);
    await page.locator("main a[href$='/acts/agree']").first().click();
    await submit();
    await page.waitForURL((url) => url.pathname === improvement);
  });
  await step("a drill is arranged", async () => {
    await page.locator("main a[href$='/acts/step']").first().click();
    await page.locator("[name=scenario]").selectOption("billing");
    await submit();
    await page.waitForURL((url) => url.pathname === improvement);
    expect((await page.locator("main a[href^='/drills/']").count()) > 0, "the improvement leads to no drill");
  });
  await step("somebody of the team finds it on their day", async () => {
    await enter(page, lang, "agent");
    await page.locator("main a[href^='/drills/']").first().click();
    await page.waitForURL(/\/drills\/[0-9a-f-]+/);
  });
  await step("the simulated customer opens the conversation", async () => {
    await page.locator("main form[action$='/rehearse'] button").first().click();
    await page.waitForURL(/\/rehearsals\/[0-9a-f-]+/);
    expect((await page.locator("textarea[name=text]").count()) === 1, "there is no field to speak in");
  });
  for (const [turn, sentence] of words.says.entries()) {
    await step(`turn ${turn + 1}`, async () => {
      await page.locator("textarea[name=text]").fill(sentence);
      await page.keyboard.press("Enter");
      await page.waitForFunction((n) => document.querySelector("[name=turn]")?.value === String(n) || !document.querySelector("[name=turn]"), turn + 1);
    });
  }
  await step("silence ends it, and every sentence is judged", async () => {
    for (let silent = 0; silent < 20 && (await page.locator("button[name=wait]").count()) > 0; silent += 1) {
      const before = await page.locator("[name=turn]").inputValue();
      await page.locator("button[name=wait]").click();
      await page.waitForFunction((n) => document.querySelector("[name=turn]")?.value !== n, before);
    }
    await page.reload();
    expect((await page.locator("main mark").count()) > 0, "nothing is marked in the conversation");
    const again = await page.locator("main form[action$='/again'] button").count();
    expect(again > 0, "there is no way to practise again");
  });
  await step("the drill board tells every cycle's verdict", async () => {
    await enter(page, lang, "manager");
    await page.goto("/drill-board");
    expect((await page.locator("main table tbody tr").count()) >= 7, "the demo centre has seven cycles");
    expect((await page.locator("main table").textContent()).includes(words.worked), "nothing worked");
  });
  await step("an improvement with its proof", async () => {
    const row = page.locator("main table tbody tr", { hasText: words.worked }).first();
    await row.locator("a[href^='/improvements/']").first().click();
    await page.waitForURL(/\/improvements\/[0-9a-f-]+/);
    expect((await page.locator("main svg").count()) > 0, "there is no chart");
  });
  await step("how it was computed", async () => {
    const csv = await page.locator("main a[href$='/csv']").first().getAttribute("href");
    const file = await page.request.get(csv);
    expect(file.ok() && (await file.text()).split("\n").length > 10, "the file with everything behind it is short");
    await page.locator("main a[href$='/how']").first().click();
    await page.waitForURL("**/how");
  });
}

/** Chooses somebody: the first entry stands for nobody. */
async function chooseSecond(page, name) {
  await page.locator(`[name=${name}]`).selectOption({ index: 1 });
}

/** The place of the last choice. */
async function lastIndex(page, name) {
  return (await page.locator(`[name=${name}] option`).count()) - 1;
}
