/** A page that only carries something on: its form is sent at once. Without script the person presses the button. */
document.querySelector<HTMLFormElement>('form[data-submit-now]')?.submit();
