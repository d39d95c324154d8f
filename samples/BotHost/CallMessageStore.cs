using System.Globalization;
using IncomingCalls;

namespace BotHost;

/// <summary>Which message shows which call, and how far: a file each, moved into place whole, since a repeat after a crash must find it.</summary>
internal sealed class CallMessageStore(IHostEnvironment host)
{
    private readonly string _folder = Directory.CreateDirectory(Path.Combine(host.ContentRootPath, "data", "messages")).FullName;

    public int[]? Find(CallKey call) =>
        File.Exists(PathOf(call)) ? [.. File.ReadAllText(PathOf(call)).Split(' ').Select(part => int.Parse(part, CultureInfo.InvariantCulture))] : null;

    public void Save(CallKey call, int message, int version)
    {
        File.WriteAllText($"{PathOf(call)}.new", $"{message} {version}");
        File.Move($"{PathOf(call)}.new", PathOf(call), overwrite: true);
    }

    private string PathOf(CallKey call) => Path.Combine(_folder, Uri.EscapeDataString($"{call}"));
}
