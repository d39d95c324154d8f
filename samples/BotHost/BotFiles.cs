namespace BotHost;

/// <summary>The files of the bot in the folder <c>data</c>. A file is replaced as a whole, so that a crash leaves the old or the new text.</summary>
internal sealed class BotFiles(IHostEnvironment host)
{
    private readonly string _folder = Path.Combine(host.ContentRootPath, "data");

    public string? Read(string name) => File.Exists(PathOf(name)) ? File.ReadAllText(PathOf(name)) : null;

    public void Write(string name, string text)
    {
        Directory.CreateDirectory(_folder);
        File.WriteAllText($"{PathOf(name)}.new", text);
        File.Move($"{PathOf(name)}.new", PathOf(name), overwrite: true);
    }

    private string PathOf(string name) => Path.Combine(_folder, name);
}
