namespace IncomingCalls.Sqlite.Tests.Hosting;

/// <summary>
/// While it lasts, the file is not where it should be, so that nothing can be written, and that shows at once. A full disk and a
/// file that may not be written end the same way, see the fault tests; here what counts is what the inbox makes of it.
/// </summary>
internal sealed class MissingFile : IDisposable
{
    private readonly string _path;

    public MissingFile(string path)
    {
        _path = path;
        File.Move(path, MovedPath);
    }

    private string MovedPath => $"{_path}.elsewhere";

    public void Dispose() => File.Move(MovedPath, _path);
}
