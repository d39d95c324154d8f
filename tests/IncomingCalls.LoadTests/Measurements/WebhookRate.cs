namespace IncomingCalls.LoadTests;

/// <summary>Requests per second of one server, divided by those of another. Both run all the time and receive load alternately.</summary>
internal sealed class WebhookRate(string name, Budget budget, ServerKind baseline, ServerKind subject) : Measurement
{
    public override string Name => name;

    public override async Task<IReadOnlyList<Figure>> RunAsync(LoadOptions options)
    {
        using var folder = new TemporaryFolder();
        await using var first = await WebhookLoad.ConnectAsync(await ServerProcess.StartAsync(baseline.ToString(), folder.PathOf("baseline.db")));
        await using var second = await WebhookLoad.ConnectAsync(await ServerProcess.StartAsync(subject.ToString(), folder.PathOf("subject.db")));
        var comparison = await LoadComparison.RunAsync(first, second, options);
        return [comparison.ToFigure(Name, budget)];
    }
}
