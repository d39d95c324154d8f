namespace IncomingCalls.Tests.Hosting;

/// <summary>Reads the example bodies in tests/Payloads.</summary>
internal static class PayloadFiles
{
    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "Payloads");

    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(Root, name + ".json"));

    public static IEnumerable<string> NamesIn(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.json").Select(file => $"{folder}/{Path.GetFileNameWithoutExtension(file)}").Order();
}
