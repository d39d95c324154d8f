namespace IncomingCalls.LoadTests;

/// <summary>One line of the table in docs/performance.md.</summary>
internal abstract class Measurement
{
    public abstract string Name { get; }

    public abstract Goal Goal { get; }

    public abstract Task<Figure> RunAsync(LoadOptions options);
}
