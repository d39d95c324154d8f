namespace IncomingCalls.Sqlite.Tests.Hosting;

/// <summary>A folder of its own for one inbox file.</summary>
internal sealed class InboxFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("incoming-calls-");

    public string Path => System.IO.Path.Combine(_folder.FullName, "calls.db");

    public void Dispose() => _folder.Delete(recursive: true);
}
