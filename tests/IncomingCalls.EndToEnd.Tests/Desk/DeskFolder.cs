namespace IncomingCalls.EndToEnd.Tests.Desk;

/// <summary>A folder of its own for a desk, gone afterwards.</summary>
public sealed class DeskFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("call-desk-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
