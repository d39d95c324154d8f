namespace IncomingCalls.Cli.Tests.Hosting;

/// <summary>A temporary file with a text, which is deleted on disposal.</summary>
internal sealed class TemporaryFile : IDisposable
{
    public TemporaryFile(string text) => File.WriteAllText(FullName, text);

    public string FullName { get; } = Path.Combine(Path.GetTempPath(), $"incoming-calls-{Guid.NewGuid():N}.txt");

    public void Dispose() => File.Delete(FullName);
}
