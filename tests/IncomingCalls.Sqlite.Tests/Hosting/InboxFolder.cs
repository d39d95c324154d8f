namespace IncomingCalls.Sqlite.Tests.Hosting;

/// <summary>A folder of its own for one inbox file.</summary>
internal sealed class InboxFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("incoming-calls-");

    public string Path => System.IO.Path.Combine(_folder.FullName, "calls.db");

    public void Dispose() => _folder.Delete(recursive: true);
}

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

/// <summary>A test that moves a file while it is open.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MovableFileFactAttribute : FactAttribute
{
    public MovableFileFactAttribute()
    {
        if (OperatingSystem.IsWindows())
        {
            Skip = "Windows moves no file that is open.";
        }
    }
}
