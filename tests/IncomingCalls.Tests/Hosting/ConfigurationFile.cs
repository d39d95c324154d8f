using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;

namespace IncomingCalls.Tests.Hosting;

/// <summary>A configuration file that is watched, as <c>appsettings.json</c> of a host is. Its content changes in memory.</summary>
internal sealed class ConfigurationFile : IFileProvider
{
    public const string Name = "appsettings.json";

    private CancellationTokenSource _changed = new();
    private string? _json;

    public static ConfigurationFile AddTo(IConfigurationBuilder builder, string json)
    {
        var file = new ConfigurationFile { _json = json };
        builder.Add<JsonConfigurationSource>(source =>
        {
            source.FileProvider = file;
            source.Path = Name;
            source.ReloadOnChange = true;
            source.ReloadDelay = 0;
        });
        return file;
    }

    /// <summary>Changes the content and signals the change, as the watcher of a folder does. The exceptions of the watching code are ignored there as well.</summary>
    /// <param name="json">The content; null deletes the file.</param>
    public void Write(string? json)
    {
        _json = json;
        var previous = _changed;
        _changed = new();
        Record.Exception(previous.Cancel);
    }

    public IFileInfo GetFileInfo(string subpath) => _json is null ? new NotFoundFileInfo(subpath) : new Content(subpath, _json);

    public IDirectoryContents GetDirectoryContents(string subpath) => NotFoundDirectoryContents.Singleton;

    public IChangeToken Watch(string filter) => new CancellationChangeToken(_changed.Token);

    private sealed class Content(string name, string json) : IFileInfo
    {
        public bool Exists => true;

        public long Length => json.Length;

        public string? PhysicalPath => null;

        public string Name => name;

        public DateTimeOffset LastModified => default;

        public bool IsDirectory => false;

        public Stream CreateReadStream() => new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json));
    }
}
