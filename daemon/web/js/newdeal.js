// newdeal.js: the small form that makes a deal.

import { el } from './dom.js';
import { reps, store } from './store.js';

export function createDealDialog(dialog, opener, create) {
  const field = (label, input, help) => el('label', { class: 'field' }, el('span', {}, label), input,
    help ? el('small', {}, help) : null);
  const name = el('input', { name: 'name', required: true, maxlength: 120, autocomplete: 'off', placeholder: 'Fleet renewal' });
  const account = el('input', { name: 'account', required: true, maxlength: 120, autocomplete: 'off', placeholder: 'Acme' });
  const amount = el('input', { name: 'amount', type: 'number', min: 0, step: 1, value: 20000, required: true, inputmode: 'numeric' });
  const owner = el('select', { name: 'owner', required: true });
  const submit = el('button', { type: 'submit', class: 'button is-main' }, 'Add deal');
  const cancel = el('button', { type: 'button', class: 'button', on: { click: () => dialog.close() } }, 'Cancel');
  const form = el('form', { class: 'form' },
    el('h2', { id: 'deal-dialog-title' }, 'New deal'),
    field('Name', name), field('Account', account), field('Amount', amount), field('Owner', owner),
    el('div', { class: 'form-actions' }, cancel, submit));
  dialog.append(form);

  opener.addEventListener('click', () => {
    const chosen = owner.value;
    owner.replaceChildren(...reps().map((rep) => el('option', { value: rep.id }, rep.name)));
    if (reps().some((rep) => rep.id === chosen)) owner.value = chosen;
    dialog.showModal();
    name.focus();
  });

  // A click on the dimmed page behind the form closes it.
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    submit.disabled = true;
    const made = await create({
      name: name.value.trim(),
      account: account.value.trim(),
      amount: Number(amount.value),
      currency: store.deals.find((deal) => deal.currency)?.currency ?? 'USD',
      owner: owner.value,
    });
    submit.disabled = false;
    dialog.close();
    if (!made) return;
    name.value = '';
    account.value = '';
  });
}
