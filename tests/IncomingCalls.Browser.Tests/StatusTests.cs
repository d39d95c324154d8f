using IncomingCalls.Browser.Tests.Hosting;
using IncomingCalls.Browser.Tests.Pages;
using IncomingCalls.Testing;
using Microsoft.Playwright;

namespace IncomingCalls.Browser.Tests;

/// <summary>The status page with one dead letter and one quarantined item.</summary>
public sealed class StatusTests(BrowserFixture browser, StatusDesk shared) : SharedDeskTests(browser, shared), IClassFixture<StatusDesk>
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
        shared.ShowRecords();
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
    public async Task Status_Examined_ShowsTheMessageOfEachFinding()
    {
        await CreateFailuresAsync();
        var status = await OpenAsync();

        await status.ExamineButton.ClickAsync();

        await EventuallyAsync(async () => (await status.GetFindingsAsync()).Should().HaveCountGreaterThan(3).And.OnlyContain(finding => finding.Length > 10));
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
        shared.HideRecords();
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

/// <summary>A desk with one instance, since the page shows all of them, and with a short retry delay.</summary>
public sealed class StatusDesk : SharedDesk
{
    private SimulatedInstance? _instance;
    private bool _areRecordsHidden;

    protected override IReadOnlyList<CallScenario> Scenarios { get; } = [CallScenario.AllStatuses];

    protected override Dictionary<string, string> Settings { get; } = new() { ["IncomingCalls:RetryDelays:0"] = "00:00:00.1" };

    public override SimulatedInstance GetInstance(CallScenario scenario) => _instance ??= base.GetInstance(scenario);

    /// <summary>Hides the table of records, so that writing a record fails.</summary>
    public void HideRecords()
    {
        ExecuteSql("ALTER TABLE Records RENAME TO HiddenRecords");
        _areRecordsHidden = true;
    }

    public void ShowRecords()
    {
        if (_areRecordsHidden)
        {
            ExecuteSql("ALTER TABLE HiddenRecords RENAME TO Records");
            _areRecordsHidden = false;
        }
    }

    public override Task ClearAsync()
    {
        ShowRecords();
        return base.ClearAsync();
    }
}
