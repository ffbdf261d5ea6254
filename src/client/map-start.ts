/** Whoever fills in what belongs to a choice has made it. */
for (const choice of document.querySelectorAll<HTMLElement>('.start-more')) {
  const radio = choice.querySelector<HTMLInputElement>('input[type="radio"]');
  choice.addEventListener('input', () => {
    if (radio) radio.checked = true;
  });
}
