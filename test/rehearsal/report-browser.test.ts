/**
 * The report in a real browser, from disk: days by keyboard, nothing loaded, complete without a script and on paper, nothing drawn
 * over anything else. `SCMS_SCREENSHOTS=DIR` keeps a picture of every day at two widths to look at.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RehearsalResult } from '../../src/rehearsal/index.ts';
import { renderReport } from '../../src/rehearsal/report/index.ts';
import { bothForms, crowded, hostile } from './reports.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const executablePath = ['chromium', 'chromium-browser', 'google-chrome'].find(
  (name) => spawnSync(name, ['--version']).status === 0,
);
if (executablePath === undefined) console.warn('skipped, Chromium is not installed: the report in a browser');

const NAMES = ['elector', 'root', 'hostile', 'crowded'] as const;
type Name = (typeof NAMES)[number];

const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 390, height: 844 };

describe.runIf(executablePath !== undefined)('the report in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'report-'));
  const results = {} as Record<Name, RehearsalResult>;
  let browser: Browser;
  /** What the pages of a test complained about, asked for, and opened. */
  let complaints: string[] = [];
  let requests: string[] = [];

  beforeAll(async () => {
    results.elector = await bothForms('elector');
    results.root = await bothForms('root');
    results.hostile = hostile(results.elector);
    results.crowded = crowded(results.elector);
    for (const name of NAMES) writeFileSync(join(folder, `${name}.html`), renderReport(results[name]));
    const path = spawnSync('which', [executablePath ?? ''])
      .stdout.toString()
      .trim();
    browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox', '--disable-gpu'] });
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    const [seen, asked] = [complaints, requests];
    complaints = [];
    requests = [];
    expect(seen).toEqual([]);
    expect(asked.filter((url) => !url.startsWith('file:') && !url.startsWith('blob:'))).toEqual([]);
    expect(new Set(asked.filter((url) => url.startsWith('file:')).map((url) => url.split('#')[0])).size).toBeLessThan(
      2,
    );
  });

  async function open(name: Name, hash = '', options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ viewport: WIDE, ...options });
    const page = await context.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(`${pathToFileURL(join(folder, `${name}.html`))}${hash}`);
    return page;
  }

  /** Days that are seen, by their anchors. */
  function daysSeen(page: Page): Promise<string[]> {
    return page.$$eval('.day', (days) => days.filter((day) => day.checkVisibility()).map(({ id }) => id));
  }

  function partiesSeen(page: Page): Promise<string[]> {
    return page.$$eval('.party', (parties) =>
      parties
        .filter((party) => party.checkVisibility())
        .map((party) => party.querySelector('h4')?.firstChild?.textContent ?? ''),
    );
  }

  function addressOf(page: Page): string {
    return new URL(page.url()).hash;
  }

  function anchorsOf({ days, beside }: RehearsalResult): string[] {
    return [...days.map(({ day }) => `day=${day}`), ...(beside?.days ?? []).map(({ day }) => `day=${day}&form=ctl`)];
  }

  it('goes from day to day by keyboard alone, and says so', async () => {
    const page = await open('elector');
    expect(await daysSeen(page)).toEqual(['day=1']);
    await page.keyboard.press('ArrowRight');
    expect(await daysSeen(page)).toEqual(['day=2']);
    expect(addressOf(page)).toBe('#day=2');
    expect(await page.textContent('[aria-live]')).toMatch(/^Day 2 of 5: Revoking an elector\. 2 artefacts/);
    expect(await page.getAttribute('#slider', 'aria-valuetext')).toBe('Day 2 of 5: Revoking an elector');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    expect(await daysSeen(page)).toEqual(['day=1']);

    await page.focus('#slider');
    await page.keyboard.press('End');
    expect(await daysSeen(page)).toEqual(['day=5']);
    await page.keyboard.press('ArrowLeft');
    expect(await daysSeen(page)).toEqual(['day=4']);

    await page.focus('#previous');
    await page.keyboard.press('Enter');
    expect(await daysSeen(page)).toEqual(['day=3']);
    await page.focus('#next');
    await page.keyboard.press('Space');
    await page.keyboard.press('Space');
    expect(await daysSeen(page)).toEqual(['day=5']);
    expect(await page.isDisabled('#next')).toBe(true);
  });

  it('reaches every control by Tab, with a focus that is seen', async () => {
    const page = await open('elector');
    const reached = new Set<string>();
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press('Tab');
      const { name, outline } = await page.evaluate(() => {
        const focused = document.activeElement as HTMLElement;
        const shown = focused.closest('.choice label') ?? focused;
        const kind = focused.getAttribute('type') === 'radio' ? (focused as HTMLInputElement).name : '';
        return { name: focused.id || kind || focused.tagName, outline: getComputedStyle(shown).outlineStyle };
      });
      if (name === 'BODY') break;
      reached.add(name);
      expect(outline, name).not.toBe('none');
    }
    for (const name of ['form', 'slider', 'next', 'party', 'SUMMARY', 'A']) expect([...reached]).toContain(name);
  });

  it('chooses form and party by keyboard, and keeps day and address', async () => {
    const page = await open('root', '#day=4');
    await page.focus('input[name=form]');
    await page.keyboard.press('ArrowRight');
    expect(await daysSeen(page)).toEqual(['day=4&form=ctl']);
    expect(addressOf(page)).toBe('#day=4&form=ctl');
    await page.keyboard.press('ArrowLeft');
    expect(await daysSeen(page)).toEqual(['day=4']);

    await page.focus('.lane:not(.off) .choose-party input');
    // Behind all parties, SM, SC, OP, PG and RA.
    for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowRight');
    expect(await partiesSeen(page)).toEqual(['EU']);
    expect(addressOf(page)).toBe('#day=4&party=EU');
    const columns = '.day:not(.off) .matrix thead th';
    expect(await page.$$eval(columns, (heads) => heads.filter((head) => head.checkVisibility()).length)).toBe(2);
  });

  it.each([
    ['#day=3', 'day=3', undefined],
    ['#day=6&form=ctl&party=EO', 'day=6&form=ctl', 'EO'],
    ['#day=99', 'day=6', undefined],
    ['#day=0', 'day=1', undefined],
    ['#day=x&form=none&party=nobody', 'day=1', undefined],
  ])('opens at %s', async (hash, day, party) => {
    const page = await open('root', hash);
    expect(await daysSeen(page)).toEqual([day]);
    if (party) expect(await partiesSeen(page)).toEqual([party]);
    else expect((await partiesSeen(page)).length).toBeGreaterThan(4);
  });

  it('follows links of the overview', async () => {
    const page = await open('root', '#day=1');
    await page.click('.lane:not(.off) .overview thead a[href="#day=5"]');
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('#slider')?.value === '5');
    expect(await daysSeen(page)).toEqual(['day=5']);
    await page.goBack();
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('#slider')?.value === '1');
    expect(await daysSeen(page)).toEqual(['day=1']);
  });

  it('is complete without a script, and shows no control that does nothing', async () => {
    const page = await open('root', '', { javaScriptEnabled: false });
    for (const anchor of anchorsOf(results.root))
      expect(await page.locator(`[id="${anchor}"]`).isVisible(), anchor).toBe(true);
    for (const control of await page.locator('button, input').all()) expect(await control.isVisible()).toBe(false);
  });

  it('prints every day of every form and party on pages of its own, without controls', async () => {
    const page = await open('root', '#day=4&party=EU');
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await daysSeen(page)).toEqual(anchorsOf(results.root));
    const parties = [results.root, results.root.beside].flatMap(
      (lane) => lane?.days.flatMap((day) => day.parties) ?? [],
    );
    expect((await partiesSeen(page)).length).toBe(parties.length);
    expect(await page.$$eval('button, input', (all) => all.filter((one) => one.checkVisibility()).length)).toBe(0);
    expect(await page.$$eval('.day', (days) => days.every((day) => getComputedStyle(day).breakBefore === 'page'))).toBe(
      true,
    );
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(255, 255, 255)');
  });

  it('gives its data as a file', async () => {
    const page = await open('elector');
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#download')]);
    expect(download.suggestedFilename()).toBe('elector.json');
    const data: unknown = JSON.parse(readFileSync(await download.path(), 'utf8'));
    expect(data).toEqual(JSON.parse(JSON.stringify(results.elector)));
  });

  it('looks as the reader’s system does: dark or light, and still where motion is not wanted', async () => {
    const groundOf = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const scrollOf = (page: Page) => page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior);
    const dark = await open('elector', '', { colorScheme: 'dark', reducedMotion: 'reduce' });
    const [darkGround, still] = [await groundOf(dark), await scrollOf(dark)];
    const light = await open('elector', '', { colorScheme: 'light', reducedMotion: 'no-preference' });
    expect(darkGround).not.toBe(await groundOf(light));
    expect([still, await scrollOf(light)]).toEqual(['auto', 'smooth']);
  });

  it('runs and loads nothing that hostile names would', async () => {
    const page = await open('hostile');
    for (let day = 0; day < 5; day++) await page.keyboard.press('ArrowRight');
    await page.locator('.lane:not(.off) .choose-party input').nth(2).check();
    const found = await page.evaluate(() => [
      'injected' in window,
      document.querySelectorAll('img').length,
      document.scripts.length,
    ]);
    expect(found).toEqual([false, 0, 2]);
    expect(await page.title()).toContain('<img src=x');
    expect(await page.textContent('h1')).toContain('</script><!--<script>');
  });

  it.each(NAMES)('gives names, headings and unique anchors to a screen reader: %s', async (name) => {
    const page = await open(name, '#day=2');
    const faults = await page.evaluate(() => {
      const nameOf = (one: Element): string =>
        one.getAttribute('aria-label') ||
        document.getElementById(one.getAttribute('aria-labelledby') ?? '')?.textContent ||
        [...((one as HTMLInputElement).labels ?? [])].map(({ textContent }) => textContent).join('') ||
        (one.matches('a, button, summary, fieldset') ? (one.textContent ?? '') : '');
      const needsName =
        'a, button, input, summary, fieldset, section, article, nav, [role=region], [role=img], [tabindex="0"]';
      const nameless = [...document.querySelectorAll(needsName)].filter((one) => nameOf(one).trim() === '');
      const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
      const twice = ids.filter((id, i) => ids.indexOf(id) !== i);
      const lost = [...document.querySelectorAll('[aria-labelledby]')].filter(
        (one) => document.getElementById(one.getAttribute('aria-labelledby') ?? '') === null,
      );
      const levels = [...document.querySelectorAll('h1, h2, h3, h4, h5')].map(({ tagName }) => Number(tagName[1]));
      const skipped = levels.filter((level, i) => level > (levels[i - 1] ?? 0) + 1);
      const heads = [...document.querySelectorAll('th:not([scope])')];
      const pictures = [...document.querySelectorAll('svg:not([role=img], [aria-hidden=true])')];
      return [...nameless, ...lost, ...heads, ...pictures]
        .map((one) => one.outerHTML.slice(0, 100))
        .concat(
          twice.map((id) => `twice: ${id}`),
          skipped.map((level) => `a heading of level ${level} skips one`),
        );
    });
    expect(faults).toEqual([]);
    expect(await page.getAttribute('html', 'lang')).toBe('en');
  });

  it.each(NAMES)('draws no text over another or outside of its drawing: %s', async (name) => {
    const page = await open(name, '', { javaScriptEnabled: true });
    await page.emulateMedia({ media: 'print' });
    const faults = await page.$$eval('svg.topology', (drawings) =>
      drawings.flatMap((drawing) => {
        const { x, y, width, height } = (drawing as SVGSVGElement).viewBox.baseVal;
        const texts = [...drawing.querySelectorAll('text')].map((one) => ({
          said: one.lastChild?.textContent,
          box: one.getBBox(),
        }));
        const outside = texts.filter(
          ({ box }) =>
            box.x < x - 1 || box.y < y - 1 || box.x + box.width > x + width + 1 || box.y + box.height > y + height + 1,
        );
        // Boxes of text have room above and below the letters.
        const over = texts.flatMap((a, i) =>
          texts
            .slice(i + 1)
            .filter(({ box: b }) => {
              const across = Math.min(a.box.x + a.box.width, b.x + b.width) - Math.max(a.box.x, b.x);
              const down = Math.min(a.box.y + a.box.height, b.y + b.height) - Math.max(a.box.y, b.y);
              return across > 1 && down > 4;
            })
            .map((b) => `${a.said} / ${b.said}`),
        );
        return [...outside.map(({ said }) => `outside: ${said}`), ...over].map(
          (fault) => `${drawing.ariaLabel}: ${fault}`,
        );
      }),
    );
    expect([...new Set(faults)].slice(0, 10)).toEqual([]);
  });

  it.each([WIDE, NARROW])('fits $width pixels, every day of both forms', async (viewport) => {
    const keep = process.env.SCMS_SCREENSHOTS;
    for (const name of ['elector', 'root'] as const) {
      const page = await open(name, '', { viewport });
      for (const anchor of anchorsOf(results[name])) {
        await page.goto(`${pathToFileURL(join(folder, `${name}.html`))}#${anchor}`);
        await page.waitForFunction((id) => document.getElementById(id)?.checkVisibility(), anchor);
        expect(await page.evaluate(() => document.documentElement.scrollWidth), `${name} ${anchor}`).toBe(
          viewport.width,
        );
        const path = join(keep ?? '', `${name}-${anchor.replace(/[&=]/g, '-')}-${viewport.width}.png`);
        if (keep) await page.locator(`[id="${anchor}"]`).screenshot({ path });
      }
      await page.context().close();
      requests = [];
    }
  });
});
