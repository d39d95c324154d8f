using IncomingCalls.Browser.Tests.Hosting;
using IncomingCalls.Browser.Tests.Pages;

namespace IncomingCalls.Browser.Tests;

/// <summary>Notifications of the browser. A headless browser does not show them, so a subclass of <c>Notification</c> records them.</summary>
public sealed class NotificationTests(BrowserFixture browser, SharedDesk shared) : SharedDeskTests(browser, shared), IClassFixture<SharedDesk>
{
    private const string NotificationRecorder =
        """
        () => {
          window.recorded = [];
          window.Notification = class extends Notification {
            constructor(title, options) {
              super(title, options);
              recorded.push(`opens ${title}`);
            }
            close() {
              super.close();
              recorded.push(`closes ${this.title}`);
            }
          };
        }
        """;

    [BrowserFact]
    public async Task NotificationToggle_PermissionGranted_NotifiesOfRingingCalls()
    {
        var desk = await OpenDeskAsync(new() { Permissions = ["notifications"] });
        await desk.Page.EvaluateAsync(NotificationRecorder);
        Instance.PlaceCallFrom("Anna").Ring().Answer();
        await EventuallyAsync(async () => (await desk.GetCallRowsAsync()).Should().Equal("Anna: Answered"));
        await desk.NotificationToggle.ClickAsync();
        (await desk.NotificationToggle.GetAttributeAsync("aria-pressed")).Should().Be("true");

        var call = Instance.PlaceCallFrom("Anna").Ring();
        await EventuallyAsync(async () => (await GetNotificationsAsync(desk)).Should().Equal("opens Anna"));
        call.Answer();
        await EventuallyAsync(async () => (await GetNotificationsAsync(desk)).Should().Equal("opens Anna", "closes Anna"));
    }

    [BrowserFact]
    public async Task NotificationToggle_PermissionDenied_ShowsAMessage()
    {
        var desk = await OpenDeskAsync();

        await desk.NotificationToggle.ClickAsync();

        await EventuallyAsync(async () => (await desk.NotificationToggle.GetAttributeAsync("title")).Should().StartWith("The browser does not let this page show notifications"));
    }

    private static Task<string[]> GetNotificationsAsync(DeskPageView desk) => desk.Page.EvaluateAsync<string[]>("recorded");
}
