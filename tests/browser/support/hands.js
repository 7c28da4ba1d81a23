// Two ways to use the page. With the mouse everything is clicked, and the keyboard is for text only. By the keyboard
// alone a control is reached with Tab, as by somebody who has no mouse: what Tab does not reach is not there.

/** More stops than any section has. */
const MOST_STOPS = 200;

export function mouse(page) {
  const press = (target) => target.click();
  return {
    name: 'mouse',
    press,
    /** A radio button or a checkbox: AUI draws it with its label, which lies over the input. */
    tick: async (target) => page.locator(`label[for="${await target.getAttribute('id')}"]`).click(),
    async write(target, text) {
      await target.click({ clickCount: 3 });
      await page.keyboard.press('Delete');
      await page.keyboard.type(text);
    },
    /** Chooses what fits best in a field with choices. */
    async choose(target, text, label) {
      await target.click();
      await page.keyboard.type(text);
      await page.getByRole('option', { name: label, exact: true }).click();
    },
    select: (target, value) => target.selectOption(value),
  };
}

export function keyboard(page) {
  const focused = (target) => target.evaluate((element) => element === document.activeElement);
  async function reach(target) {
    await target.waitFor();
    for (let stops = 0; !(await focused(target)); stops += 1) {
      if (stops === MOST_STOPS) {
        throw new Error(`Tab does not reach ${target}`);
      }
      await page.keyboard.press('Tab');
    }
  }
  async function write(target, text) {
    await reach(target);
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.press('Delete');
    await page.keyboard.type(text);
  }
  return {
    name: 'keyboard',
    async press(target) {
      await reach(target);
      await page.keyboard.press('Enter');
    },
    async tick(target) {
      const type = await target.getAttribute('type');
      if (type === 'checkbox') {
        await reach(target);
        await page.keyboard.press('Space');
        return;
      }
      // Tab stops at one button of a group; arrows go on from there.
      const group = page.locator(`input[name="${await target.getAttribute('name')}"]`);
      const stop = (await group.and(page.locator(':checked')).count()) > 0 ? group.and(page.locator(':checked')) : group.first();
      await reach(stop);
      if (!(await target.isChecked())) {
        await page.keyboard.press('Space');
      }
      for (let steps = 0; !(await target.isChecked()) && steps < MOST_STOPS; steps += 1) {
        await page.keyboard.press('ArrowDown');
      }
    },
    write,
    async choose(target, text, label) {
      await write(target, text);
      const option = page.getByRole('option', { name: label, exact: true });
      await option.waitFor();
      while ((await option.getAttribute('aria-selected')) !== 'true') {
        await page.keyboard.press('ArrowDown');
      }
      await page.keyboard.press('Enter');
    },
    async select(target, value) {
      await reach(target);
      // The beginning of an option's text chooses it.
      const text = await target.locator(`option[value="${value}"]`).textContent();
      await page.keyboard.type(text);
    },
  };
}
