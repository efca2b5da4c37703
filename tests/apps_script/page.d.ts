/** What a page of HtmlService knows of the project. */

declare const google: { script: { run: any } };
