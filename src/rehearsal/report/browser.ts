/**
 * What runs in the browser. The document is complete without it: this only shows one day, form and party at a time, and keeps the
 * address in step (`#day=4&form=ctl&party=EU`). It goes into the document as its own text, so it may use nothing around it.
 */
export function browse(): void {
  const all = <Kind extends Element>(selector: string, within: ParentNode = document): Kind[] => [
    ...within.querySelectorAll<Kind>(selector),
  ];
  const one = <Kind extends Element>(selector: string): Kind => document.querySelector<Kind>(selector) as Kind;
  const lanes = all<HTMLElement>('.lane');
  const slider = one<HTMLInputElement>('#slider');
  const [previous, next] = [one<HTMLButtonElement>('#previous'), one<HTMLButtonElement>('#next')];
  const shown = { day: 1, form: lanes[0]?.dataset.form ?? '', party: '' };

  const readAddress = (): void => {
    const given = new URLSearchParams(location.hash.slice(1));
    const day = Number(given.get('day') ?? shown.day);
    if (Number.isInteger(day)) shown.day = Math.min(Math.max(day, 1), Number(slider.max));
    const form = given.get('form') ?? lanes[0]?.dataset.form;
    if (lanes.some((lane) => lane.dataset.form === form)) shown.form = form as string;
    shown.party = given.get('party') ?? (given.has('day') ? shown.party : '');
  };

  const writeAddress = (): void => {
    const parts = [`day=${shown.day}`];
    if (shown.form !== lanes[0]?.dataset.form) parts.push(`form=${shown.form}`);
    if (shown.party !== '') parts.push(`party=${encodeURIComponent(shown.party)}`);
    history.replaceState(null, '', `#${parts.join('&')}`);
  };

  const show = (): void => {
    for (const lane of lanes) lane.classList.toggle('off', lane.dataset.form !== shown.form);
    const lane = lanes.find(({ dataset }) => dataset.form === shown.form) as HTMLElement;
    const days = all<HTMLElement>('.day', lane);
    shown.day = Math.min(shown.day, days.length);
    slider.max = `${days.length}`;
    slider.value = `${shown.day}`;
    for (const day of days) day.classList.toggle('off', day.dataset.day !== slider.value);
    const current = days[shown.day - 1] as HTMLElement;
    const says = current.dataset.says ?? '';
    slider.setAttribute('aria-valuetext', says.split('. ')[0] ?? '');
    one('#day-shown').textContent = says.split('. ')[0] ?? '';
    one('#day-said').textContent = says;
    previous.disabled = shown.day === 1;
    next.disabled = shown.day === days.length;
    showParty(lane);
    for (const radio of all<HTMLInputElement>('input[name=form]')) radio.checked = radio.value === shown.form;
    for (const cell of all<HTMLElement>('[data-overview]')) {
      const suffix = shown.form === lanes[0]?.dataset.form ? '' : `&form=${shown.form}`;
      cell.classList.toggle('current', cell.dataset.overview === `${shown.day}${suffix}`);
    }
  };

  /** A party that this form does not have is as none chosen. */
  const showParty = (lane: HTMLElement): void => {
    const radios = all<HTMLInputElement>('.choose-party input', lane);
    const chosen = radios.find(({ value }) => value === shown.party) ?? radios[0];
    if (chosen) chosen.checked = true;
    shown.party = chosen?.value ?? '';
    const mark = chosen?.dataset.mark ?? '';
    lane.classList.toggle('single', mark !== '');
    for (const part of all<HTMLElement>('[data-party]', lane)) {
      part.classList.toggle('off', mark !== '' && part.dataset.party !== mark);
    }
    for (const head of all<HTMLTableCellElement>('[data-column]', lane)) {
      const hidden = mark !== '' && head.dataset.column !== mark;
      for (const row of head.closest('table')?.rows ?? []) {
        const cell = row.cells[head.cellIndex];
        // A line that names a group has one cell for all columns.
        if (cell === undefined) continue;
        cell.classList.toggle('off', hidden);
        if (!hidden) row.classList.toggle('off', mark !== '' && cell.textContent === '');
      }
    }
    for (const line of all<HTMLElement>('[data-parties]', lane)) {
      line.classList.toggle('off', mark !== '' && !line.dataset.parties?.includes(` ${mark} `));
    }
  };

  const goTo = (day: number): void => {
    if (day < 1 || day > Number(slider.max)) return;
    shown.day = day;
    show();
    writeAddress();
  };

  slider.addEventListener('input', () => goTo(Number(slider.value)));
  previous.addEventListener('click', () => goTo(shown.day - 1));
  next.addEventListener('click', () => goTo(shown.day + 1));
  addEventListener('hashchange', () => {
    readAddress();
    show();
  });
  document.addEventListener('change', ({ target }) => {
    if (!(target instanceof HTMLInputElement) || target.type !== 'radio') return;
    if (target.name === 'form') shown.form = target.value;
    else shown.party = target.value;
    show();
    writeAddress();
  });
  // Fields and tables that scroll keep the arrow keys for themselves.
  document.addEventListener('keydown', (event) => {
    const { key, target, altKey, ctrlKey, metaKey, shiftKey } = event;
    if (altKey || ctrlKey || metaKey || shiftKey || !(target instanceof Element)) return;
    const scroller = target.closest('.scroll');
    if (target.closest('input') || (scroller && scroller.scrollWidth > scroller.clientWidth)) return;
    if (key === 'ArrowLeft') goTo(shown.day - 1);
    else if (key === 'ArrowRight') goTo(shown.day + 1);
    else return;
    event.preventDefault();
  });
  one('#download').addEventListener('click', () => {
    const data = new Blob([one('#data').textContent ?? ''], { type: 'application/json' });
    const link = document.createElement('a');
    link.href = URL.createObjectURL(data);
    link.download = `${document.body.dataset.name}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });

  document.documentElement.classList.add('script');
  readAddress();
  show();
}
