/** A range as Excel for Windows puts it on the clipboard: `mso-` styles, wrapped source lines, line breaks in a cell. */
export const EXCEL = `Version:1.0\r
<html xmlns:v="urn:schemas-microsoft-com:vml"
xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:x="urn:schemas-microsoft-com:office:excel"
xmlns="http://www.w3.org/TR/REC-html40">

<head>
<meta http-equiv=Content-Type content="text/html; charset=utf-8">
<meta name=ProgId content=Excel.Sheet>
<style>
<!--table
	{mso-displayed-decimal-separator:"\\.";}
br
	{mso-data-placement:same-cell;}
.xl65
	{mso-number-format:"\\@";
	white-space:normal;}
-->
</style>
</head>

<body link="#0563C1" vlink="#954F72">

<table border=0 cellpadding=0 cellspacing=0 width=384 style='border-collapse:
 collapse;width:288pt'>
<!--StartFragment-->
 <col width=64 span=3 style='width:48pt'>
 <tr height=40 style='height:30.0pt'>
  <td height=40 class=xl65 width=64 style='height:30.0pt;width:48pt'>Введение в
  гостиничное дело</td>
  <td align=right width=64 style='width:48pt'>1,5</td>
  <td class=xl65 width=64 style='width:48pt'>Прочитать главу 2<br>
    Ответить на форуме<span style='mso-spacerun:yes'>  </span></td>
 </tr>
 <tr height=20 style='height:15.0pt'>
  <td height=20 class=xl65 style='height:15.0pt'>R&amp;D &lt;в отеле&gt;</td>
  <td colspan=2 style='mso-ignore:colspan'></td>
 </tr>
<!--EndFragment-->
</table>

</body>

</html>
`;

/** A table as Word puts it there: paragraphs in cells, a merged week, empty `<o:p>`, a list, a link, conditional comments. */
export const WORD = `<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta name=Generator content="Microsoft Word 15"><style><!-- p.MsoNormal {margin:0cm} --></style></head>
<body lang=KZ style='tab-interval:35.4pt'>
<!--StartFragment-->
<table class=MsoTableGrid border=1 cellspacing=0 cellpadding=0 style='border-collapse:collapse;mso-yfti-tbllook:1184'>
 <tr style='mso-yfti-irow:0;mso-yfti-firstrow:yes'>
  <td width=50 rowspan=2 valign=top style='mso-border-alt:solid windowtext .5pt'>
  <p class=MsoNormal align=center><b><span lang=KZ>1<o:p></o:p></span></b></p>
  </td>
  <td width=200><p class=MsoNormal><span lang=KZ style='mso-fareast-language:EN-US'>Қонақжайлылық
  индустриясына кіріспе<o:p></o:p></span></p></td>
  <td width=200>
  <p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>1.<span
  style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span><![endif]>Оқу<o:p></o:p></p>
  <p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>2.<span
  style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span><![endif]>Жазу<o:p></o:p></p>
  </td>
  <td width=100><p class=MsoNormal><a href="https://www.coursera.org/learn/hotel"><span lang=EN-US>Coursera</span></a><o:p></o:p></p></td>
 </tr>
 <tr style='mso-yfti-irow:1;mso-yfti-lastrow:yes'>
  <td width=200><p class=MsoNormal>Практика<o:p></o:p></p></td>
  <td width=200><p class=MsoNormal><o:p>&nbsp;</o:p></p></td>
  <td width=100><p class=MsoNormal><a href="javascript:alert(1)">Moodle</a></p></td>
 </tr>
</table>
<!--EndFragment-->
</body></html>`;

/** As Google Sheets writes it. */
export const GOOGLE = `<meta charset='utf-8'><google-sheets-html-origin><style type="text/css"><!--td {border: 1px solid #cccccc;}br {mso-data-placement:same-cell;}--></style><table xmlns="http://www.w3.org/1999/xhtml" cellspacing="0" cellpadding="0" dir="ltr" border="1" data-sheets-root="1"><colgroup><col width="100"/></colgroup><tbody><tr style="height:21px;"><td style="overflow:hidden;" data-sheets-value="{&quot;1&quot;:2,&quot;2&quot;:&quot;a\\nb&quot;}">a<br/>b</td><td data-sheets-hyperlink="https://openu.kz"><a class="in-cell-link" href="https://openu.kz" target="_blank">OpenU</a></td></tr></tbody></table>`;

export const HOSTILE = `<table><tr><td><script>window.pwned=1</script>Topic<img src="http://127.0.0.1:9/x.png" onerror="window.pwned=2"><style>*{display:none}</style></td><td><svg onload="window.pwned=3"><text>s</text></svg>2<iframe srcdoc="<script>parent.pwned=4</script>"></iframe></td></tr><tr><td><b onclick="pwned=5">=HYPERLINK("http://evil.example")</b><!-- comment --></td><td>3</td></tr></table><script>window.pwned=6</script>`;

const row = (week: number) => [
  String(week),
  `Тақырып ${week}: «Қонақ үй»`,
  week % 2 === 0 ? '2' : '1',
  `Read chapter ${week}\nAnswer "the questions"`,
  `Test, ${week} points`,
  ['Синхронно', 'асинхронды', 'In class'][week % 3] ?? '',
  `Coursera, module ${week}`,
];

/** 15 weeks × 7 columns, in three languages at once. */
export const RANGE: readonly (readonly string[])[] = Array.from({ length: 15 }, (_, index) => row(index + 1));

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('\n', "<br style='mso-data-placement:same-cell'>");

export const asHtml = (rows: typeof RANGE): string =>
  `<html><body><table border=0><!--StartFragment-->${rows
    .map((cells) => `<tr height=20>${cells.map((text) => `<td class=xl65>${escaped(text)}</td>`).join('')}</tr>`)
    .join('\r\n ')}<!--EndFragment--></table></body></html>`;

export const asTsv = (rows: typeof RANGE): string =>
  rows
    .map((cells) => cells.map((text) => (/["\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join('\t'))
    .join('\r\n') + '\r\n';
