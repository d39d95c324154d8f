using System.Globalization;
using IncomingCalls;

namespace BotHost;

/// <summary>Which message shows which call, and how far: a file each, since a repeat after a crash must find its message.</summary>
internal sealed class CallMessages(IHostEnvironment host)
{
    private readonly string _folder = Directory.CreateDirectory(Path.Combine(host.ContentRootPath, "data", "messages")).FullName;

    public (int Id, int Version)? Find(Call call) =>
        File.Exists(FileOf(call)) && File.ReadAllLines(FileOf(call)) is [var id, var version]
            ? (int.Parse(id, CultureInfo.InvariantCulture), int.Parse(version, CultureInfo.InvariantCulture))
            : null;

    public void Keep(Call call, int message)
    {
        // Written beside and moved: whatever happens, there is the old file or the new one, never half of one.
        File.WriteAllLines($"{FileOf(call)}.new", [$"{message}", $"{call.Version}"]);
        File.Move($"{FileOf(call)}.new", FileOf(call), overwrite: true);
    }

    private string FileOf(Call call) => Path.Combine(_folder, Uri.EscapeDataString($"{call.Key}"));
}
