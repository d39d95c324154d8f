namespace IncomingCalls.LoadTests;

/// <summary>Notifications handled per second beside millions of finished calls, by those of an empty file.</summary>
internal sealed class InboxGrowth : Measurement
{
    private const int Rows = 5_000_000;
    private const int QuickRows = 500_000;

    public override string Name => "inbox.growth";

    public override Goal Goal => Goal.AtLeast(0.90);

    public override async Task<Figure> RunAsync(LoadOptions options)
    {
        using var folder = new TemporaryFolder();
        await SeededInbox.CreateWithFinishedCallsAsync(folder.PathOf("grown.db"), options.IsQuick ? QuickRows : Rows);
        await using var empty = await WebhookLoad.ConnectAsync(await ServerProcess.StartAsync(nameof(ServerKind.Sqlite), folder.PathOf("empty.db")), isForeign: false);
        await using var grown = await WebhookLoad.ConnectAsync(await ServerProcess.StartAsync(nameof(ServerKind.Sqlite), folder.PathOf("grown.db")), isForeign: false);
        return await WebhookRate.CompareAsync(Name, Goal, empty, grown, options.Time);
    }
}
