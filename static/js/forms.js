// Small comforts for every page: forms are sent once, typed work is not lost by accident, the error summary gets the focus,
// times are shown on the reader's clock. Nothing here is needed to use the site.

import { instantOf, spanText } from './zones.js';

function sendOnce(form) {
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = 'yes';
    // After the browser has read the pressed button's name and value.
    setTimeout(() => form.querySelectorAll('button[type="submit"]').forEach((button) => button.setAttribute('aria-disabled', 'true')));
  });
}

// A page that comes back from the browser's memory may be sent again.
function allowAgain() {
  document.querySelectorAll('form[data-sent]').forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll('[aria-disabled="true"]').forEach((button) => button.removeAttribute('aria-disabled'));
  });
}

function warnBeforeLeaving(form) {
  let changed = false;
  form.addEventListener('input', () => { changed = true; });
  form.addEventListener('submit', () => { changed = false; });
  window.addEventListener('beforeunload', (event) => {
    if (changed) event.preventDefault();
  });
}

function focusErrors() {
  const summary = document.querySelector('[data-focus]');
  if (!summary) return;
  summary.querySelectorAll('a[href^="#field-"]').forEach((link) => nameField(link, summary.dataset.vague));
  summary.focus();
}

// A sentence that fits every field says which one is meant.
function nameField(link, vague) {
  if (link.textContent !== vague) return;
  const field = document.getElementById(link.hash.slice(1));
  const label = field?.closest('fieldset.choices')?.querySelector('legend') ?? field?.labels?.[0];
  if (label) link.textContent = `${label.firstChild.textContent.trim()}: ${vague}`;
}

function offerCopy(button) {
  if (!navigator.clipboard) return;
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = label; }, 2000);
  });
}

function previewTimes(box) {
  const text = box.querySelector('[data-time-preview-text]');
  const { day, from, until, lastDay, clock, timeZone } = box.dataset;
  const fields = [day, from, until].map((name) => name && document.getElementById(`field-${name}`));
  if (!text || !fields[1]) return;
  const readerZone = text.dataset.readerZone || Intl.DateTimeFormat().resolvedOptions().timeZone;
  const last = lastDay && document.getElementById(`field-${lastDay}`);
  const typed = (field, place) => {
    if (!field || !field.value) return '';
    if (!fields[0]) return field.value;
    const on = (place === 1 && last && last.value) || fields[0].value;
    return on && `${on}T${field.value}`;
  };
  const isOnReadersClock = () => clock && box.querySelector(`[name="${clock}"]:checked`)?.value === 'reader';
  const show = () => {
    const locals = fields.slice(1).map(typed).filter(Boolean);
    const instants = locals.map((local) => instantOf(local, timeZone));
    const missing = instants.includes(null);
    text.hidden = !locals.length || isOnReadersClock() || (readerZone === timeZone && !missing);
    text.classList.toggle('is-wrong', missing);
    if (text.hidden) return;
    text.textContent = missing ? text.dataset.textMissing : text.dataset.text
      .replace('{time}', spanText(instants, readerZone)).replace('{zone}', text.dataset.readerZoneName || readerZone);
  };
  box.addEventListener('input', show);
  show();
}

function unfoldFilters() {
  if (!window.matchMedia('(min-width: 60rem)').matches) return;
  document.querySelectorAll('[data-wide-open]').forEach((details) => { details.open = true; });
}

// What a choice makes necessary opens with it.
function openWith(details) {
  const [name, value] = details.dataset.opensWith.split('=');
  details.closest('form').addEventListener('change', ({ target }) => {
    if (target.name === name && target.value === value) details.open = true;
  });
}

// One menu at a time; Escape and a click elsewhere close it.
function tameMenus() {
  const menus = [...document.querySelectorAll('details.menu')];
  const close = (except) => menus.forEach((menu) => { if (menu !== except) menu.open = false; });
  menus.forEach((menu) => menu.addEventListener('toggle', () => { if (menu.open) close(menu); }));
  document.addEventListener('click', (event) => close(event.target.closest('details.menu')));
  document.addEventListener('keydown', (event) => {
    const open = menus.find((menu) => menu.open);
    if (event.key !== 'Escape' || !open) return;
    close();
    open.querySelector('summary').focus();
  });
}

// Nobody should look for their own zone among hundreds: it is proposed where nothing is chosen.
function proposeZone(select) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!select.value && [...select.options].some((option) => option.value === zone)) select.value = zone;
}

// The server learns a visitor's zone for the next page.
function rememberZone() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone) document.cookie = `zone=${zone}; path=/; max-age=31536000; samesite=lax`;
}

document.querySelectorAll('form[method="post"]').forEach(sendOnce);
document.querySelectorAll('form[data-guard]').forEach(warnBeforeLeaving);
document.querySelectorAll('[data-copy]').forEach(offerCopy);
document.querySelectorAll('[data-time-preview]').forEach(previewTimes);
document.querySelectorAll('[data-opens-with]').forEach(openWith);
document.querySelectorAll('select[data-zone-guess]').forEach(proposeZone);
window.addEventListener('pageshow', allowAgain);
unfoldFilters();
tameMenus();
rememberZone();
focusErrors();
