/** Says a short sentence to screen readers, in the page's one live region. */
export function announce(sentence: string): void {
  const region = document.querySelector('#live');
  if (region) region.textContent = sentence;
}
