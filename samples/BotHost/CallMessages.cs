using System.Globalization;
using IncomingCalls;

namespace BotHost;

/// <summary>Which message shows which call, and how far: a file each, moved into place whole, since a repeat after a crash must find it.</summary>
internal sealed class CallMessages(IHostEnvironment host)
{
    private readonly string _folder = Directory.CreateDirectory(Path.Combine(host.ContentRootPath, "data", "messages")).FullName;

    public int[]? Find(CallKey call) =>
        File.Exists(FileOf(call)) ? [.. File.ReadAllText(FileOf(call)).Split(' ').Select(part => int.Parse(part, CultureInfo.InvariantCulture))] : null;

    public void Keep(CallKey call, int message, int version)
    {
        File.WriteAllText($"{FileOf(call)}.new", $"{message} {version}");
        File.Move($"{FileOf(call)}.new", FileOf(call), overwrite: true);
    }

    private string FileOf(CallKey call) => Path.Combine(_folder, Uri.EscapeDataString($"{call}"));
}
