using IncomingCalls.Browser.Tests.Hosting;
using IncomingCalls.Browser.Tests.Pages;

namespace IncomingCalls.Browser.Tests;

/// <summary>Notifications of the browser. Nobody sees those of a browser without a screen, so the page's class notes what it does.</summary>
public sealed class NotificationTests(BrowserRun run) : BrowserTests(run)
{
    private const string Notes =
        """
        () => {
          window.notes = [];
          window.Notification = class extends Notification {
            constructor(title, options) {
              super(title, options);
              notes.push(`opens ${title}`);
            }
            close() {
              super.close();
              notes.push(`closes ${this.title}`);
            }
          };
        }
        """;

    [BrowserFact]
    public async Task AlertMe_WhereItIsAllowed_NotifiesOfWhoRingsFromThenOn()
    {
        await StartDeskAsync();
        var desk = await OpenDeskAsync(new() { Permissions = ["notifications"] });
        await desk.Page.EvaluateAsync(Notes);
        Instance.CallFrom("Anna").Ring().Answer();
        await ShowsAsync(async () => (await desk.CallRowsAsync()).Should().Equal("Anna: Answered"));
        await desk.AlertMe.ClickAsync();
        (await desk.AlertMe.GetAttributeAsync("aria-pressed")).Should().Be("true");

        var call = Instance.CallFrom("Anna").Ring();
        await ShowsAsync(async () => (await NotesAsync(desk)).Should().Equal("opens Anna"));
        call.Answer();
        await ShowsAsync(async () => (await NotesAsync(desk)).Should().Equal("opens Anna", "closes Anna"));
    }

    [BrowserFact]
    public async Task AlertMe_WhereItIsNotAllowed_SaysSo()
    {
        await StartDeskAsync();
        var desk = await OpenDeskAsync();

        await desk.AlertMe.ClickAsync();

        await ShowsAsync(async () => (await desk.AlertMe.GetAttributeAsync("title")).Should().StartWith("The browser does not let this page show notifications"));
    }

    private static Task<string[]> NotesAsync(DeskPageView desk) => desk.Page.EvaluateAsync<string[]>("notes");
}
