// server: demo
//
// Once around the loop in the demo centre, as the README tells it.

import { aroundTheLoop, enter } from "../around.mjs";
import { expect, journey } from "../lib.mjs";

const WORDS = {
  zh: { uptake: "使用率", gaps: "短板", behaviours: "行为点" },
  en: { uptake: "Uptake", gaps: "Gaps", behaviours: "Behaviours" },
};

await journey("readme_tour", walk);

async function walk({ page, step, lang }) {
  const words = WORDS[lang];
  const heading = () => page.locator("h1").first().textContent();
  const navigate = (name) => page.locator("nav").getByRole("link", { name, exact: true }).first().click();

  await step("enter as the quality specialist", async () => {
    await enter(page, lang, "specialist");
  });
  await step("the uptake map", async () => {
    await navigate(words.uptake);
    await page.waitForURL("**/uptake");
    expect((await heading()).includes(words.uptake), `heading is ${await heading()}`);
    const rows = await page.locator("main table tbody tr").count();
    expect(rows > 50, `the map has ${rows} rows`);
  });
  await step("the map by team", async () => {
    await page.locator("select[name=by]").selectOption("team");
    await page.locator("main form button[type=submit]").first().click();
    await page.waitForURL("**/uptake?*by=team*");
  });
  await step("the gaps", async () => {
    await navigate(words.gaps);
    await page.waitForURL("**/gaps");
    const rows = await page.locator("main table tbody tr").count();
    expect(rows > 10, `${rows} gaps are listed`);
  });
  await step("the conversations in which it was missed", async () => {
    await page.locator("main table tbody a[href*='selection=']").first().click();
    await page.waitForURL("**/conversations?*selection=*");
  });
  await step("one conversation, marked", async () => {
    await page.locator("main table tbody a[href^='/conversations/']").first().click();
    await page.waitForURL(/\/conversations\/[0-9a-f-]+/);
    const marks = await page.locator("main mark").count();
    expect(marks > 0, "nothing is marked in the conversation");
  });
  await aroundTheLoop({ page, step, lang });
  await step("back as the specialist", () => enter(page, lang, "specialist"));
  await step("a behaviour and its rule", async () => {
    await navigate(words.behaviours);
    await page.waitForURL("**/behaviours");
    await page.locator("main table tbody a[href^='/behaviours/']").first().click();
    await page.waitForURL(/\/behaviours\/[a-z_]+/);
  });
  await step("the rule editor", async () => {
    await page.locator("main a[href$='/edit']").first().click();
    await page.waitForURL("**/edit");
    expect((await page.locator("main textarea").count()) > 0, "there is no text to edit");
  });
  await step("an agent sees their own figures alone", async () => {
    await enter(page, lang, "agent");
    await page.goto("/uptake");
    const rows = await page.locator("main table tbody tr").count();
    expect(rows <= 2, `an agent sees ${rows} rows`);
  });
}
