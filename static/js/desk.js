// The desk by keys: j and k move, x marks, a goes to the button that approves, r opens the reasons, o opens the booking, ? the list of keys. Nothing here is needed to decide.

const rows = [...document.querySelectorAll('[data-desk-row]')];
const hint = document.querySelector('[data-desk-keys]');
let here = rows.findIndex((row) => `#${row.id}` === window.location.hash);

function go(step) {
  here = Math.min(Math.max(here + step, 0), rows.length - 1);
  const mark = rows[here].querySelector('input[type="checkbox"]');
  mark.focus();
  rows[here].scrollIntoView({ block: 'nearest' });
}

function current() {
  const focused = document.activeElement?.closest('[data-desk-row]');
  if (focused) here = rows.indexOf(focused);
  return rows[here];
}

const deeds = {
  j: () => { current(); go(1); },
  k: () => { current(); go(-1); },
  x: () => current()?.querySelector('input[type="checkbox"]').click(),
  a: () => current()?.querySelector('[data-desk-approve]')?.focus(),
  r: () => {
    const reasons = current()?.querySelector('[data-desk-refuse]');
    if (!reasons) return;
    reasons.open = true;
    reasons.querySelector('textarea').focus();
  },
  '?': () => { hint.open = !hint.open; },
  o: () => current()?.querySelector('[data-desk-open]')?.click(),
};

function isTyping(target) {
  return target.closest('textarea, select, input:not([type="checkbox"])') !== null;
}

// How many are marked stands beside the button that decides on them.
function tellMarked() {
  const told = document.querySelector('[data-desk-marked]');
  const show = () => {
    const number = rows.filter((row) => row.querySelector('input[type="checkbox"]').checked).length;
    told.hidden = !number;
    told.textContent = told.dataset.deskMarked.replace('{number}', number.toLocaleString(document.documentElement.lang));
  };
  document.querySelector('[data-desk]').addEventListener('change', show);
  show();
}

if (rows.length) tellMarked();
if (here >= 0) {
  // Where the last decision left off; after the browser has gone to the place that the address names, which takes the focus away.
  const focus = () => requestAnimationFrame(() => rows[here].querySelector('input[type="checkbox"]').focus({ preventScroll: true }));
  window.addEventListener('load', focus, { once: true });
}

// The hint is there alone where the reader has not switched the keys off.
if (rows.length && hint) {
  hint.hidden = false;
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const deed = deeds[event.key];
    if (!deed) return;
    event.preventDefault();
    deed();
  });
}
