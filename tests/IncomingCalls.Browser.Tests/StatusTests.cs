using IncomingCalls.Browser.Tests.Hosting;
using IncomingCalls.Browser.Tests.Pages;
using Microsoft.Playwright;

namespace IncomingCalls.Browser.Tests;

/// <summary>The status page with one dead letter and one quarantined item.</summary>
public sealed class StatusTests(BrowserFixture run) : BrowserTests(run)
{
    /// <summary>In pixels: half the width of a phone.</summary>
    private const int MinReadableWidth = 180;

    [BrowserFact]
    public async Task Status_TabAndEnter_ReplayAndPurge()
    {
        await CreateFailuresAsync();
        var status = await OpenAsync();
        await status.ShouldTabToAsync(status.DeskLink);
        await status.ShouldTabToAsync(status.ExamineButton);
        await status.ShouldTabToAsync(status.DeadLetterButton("replay"));
        ExecuteSql("ALTER TABLE HiddenRecords RENAME TO Records");
        await status.Page.Keyboard.PressAsync("Enter");
        await EventuallyAsync(async () => (await status.GetDeadLetterRowsAsync()).Should().BeEmpty());

        await status.ExamineButton.FocusAsync();
        await status.ShouldTabToAsync(status.QuarantineButton("replay"));
        await status.ShouldTabToAsync(status.QuarantineButton("purge"));
        await status.Page.Keyboard.PressAsync("Enter");
        await EventuallyAsync(async () => (await status.GetQuarantineRowsAsync()).Should().BeEmpty());

        var desk = await OpenDeskAsync();
        await EventuallyAsync(async () => (await desk.GetRecordRowsAsync()).Should().Equal("Anna: Missed call"));
    }

    [BrowserFact]
    public async Task Status_OnAPhone_FitsTheWidth()
    {
        await CreateFailuresAsync();
        var status = await OpenAsync(BrowserProfiles.Phone);

        (await status.GetHorizontalOverflowAsync()).Should().Be(0);
        (await status.GetDeadLetterWidthAsync()).Should().BeGreaterThan(MinReadableWidth, "text with one letter per line is not readable");
    }

    [BrowserFact]
    public async Task Accessibility_ExaminedStatusPage_HasNoSeriousFinding()
    {
        await CreateFailuresAsync();

        StatusPageView[] views = [await OpenAsync(BrowserProfiles.Light), await OpenAsync(BrowserProfiles.Dark)];
        await views[0].ExamineButton.ClickAsync();
        foreach (var status in views)
        {
            await EventuallyAsync(async () => (await status.GetInstanceRowsAsync()).Should().ContainSingle().Which.Should().MatchRegex($"^{Instance.IdInstance} · polling: .{{20,}}"));
        }

        await AccessibilityCheck.ShouldFindNothingSeriousAsync(views);
    }

    /// <summary>Creates a dead letter, by a record that cannot be written, and a quarantined item, by an unreadable notification.</summary>
    private async Task CreateFailuresAsync()
    {
        Settings["IncomingCalls:RetryDelays:0"] = "00:00:00.1";
        await StartDeskAsync();
        ExecuteSql("ALTER TABLE Records RENAME TO HiddenRecords");
        Instance.PlaceCallFrom("Anna").Decline();
        await PostAsync("{ no json");
    }

    private async Task<StatusPageView> OpenAsync(BrowserNewContextOptions? options = null)
    {
        var status = await OpenStatusAsync(options);
        await EventuallyAsync(async () => (await status.GetDeadLetterRowsAsync()).Should().ContainSingle().Which.Should().StartWith("CallDesk.Handlers.DeskRecorder: "));
        await EventuallyAsync(async () => (await status.GetQuarantineRowsAsync()).Should().Equal("NotANotification, 9 B"));
        await EventuallyAsync(async () => (await status.GetCheckRowsAsync()).Should().Contain("desk: healthy"));
        return status;
    }
}
