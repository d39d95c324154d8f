namespace IncomingCalls.LoadTests;

/// <summary>Notifications handled per second with millions of finished calls in the file, divided by those with an empty file.</summary>
internal sealed class InboxGrowth : Measurement
{
    private const int Rows = 5_000_000;
    private const int QuickRows = 500_000;
    private static readonly Budget Budget = Budget.AtLeast(0.90);

    public override string Name => "inbox.growth";

    public override async Task<IReadOnlyList<Figure>> RunAsync(LoadOptions options)
    {
        using var folder = new TemporaryFolder();
        await SeededInbox.CreateWithFinishedCallsAsync(folder.PathOf("grown.db"), options.IsQuick ? QuickRows : Rows);
        await using var empty = await WebhookLoad.ConnectAsync(await ServerProcess.StartAsync(nameof(ServerKind.Sqlite), folder.PathOf("empty.db")));
        await using var grown = await WebhookLoad.ConnectAsync(await ServerProcess.StartAsync(nameof(ServerKind.Sqlite), folder.PathOf("grown.db")));
        return [(await LoadComparison.RunAsync(empty, grown, options)).ToFigure(Name, Budget)];
    }
}
