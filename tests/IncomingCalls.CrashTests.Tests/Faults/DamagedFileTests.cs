using System.Buffers.Binary;
using Microsoft.Data.Sqlite;

namespace IncomingCalls.CrashTests.Tests.Faults;

/// <summary>A page of the file is garbage: the host says so and ends, and every byte is as it was.</summary>
public class DamagedFileTests
{
    private const int PageSizeOffset = 16;

    [UnixFact]
    public async Task Start_DamagedPage_ExitsWithAnErrorAndWritesNothing()
    {
        await using var desk = await FaultEnvironment.StartAsync();
        await using (var host = await desk.StartListeningAsync())
        {
            desk.PlaceMissedCalls();
            await desk.WaitUntilHandledAsync(host);
            await desk.StopAndCheckAsync(host);
        }

        Damage(desk.InboxPath, "calls");
        await ShouldRefuseToStartAsync(desk);
    }

    [UnixFact]
    public async Task Start_DamagedPageAndWalOfAKilledHost_ExitsWithAnErrorAndWritesNothing()
    {
        await using var desk = await FaultEnvironment.StartAsync();
        await using (var host = await desk.StartListeningAsync())
        {
            desk.PlaceMissedCalls();
            await desk.WaitUntilHandledAsync(host);
            await desk.StopAndCheckAsync(host);
        }

        await using (var host = await desk.StartListeningAsync())
        {
            desk.PlaceMissedCalls();
            await desk.WaitUntilHandledAsync(host);
            host.Kill();
            await host.WaitForExitAsync();
        }

        File.Exists($"{desk.InboxPath}-wal").Should().BeTrue("a killed host leaves its log");
        // A table that the killed host did not touch, so that its log does not hold a good copy of the page.
        Damage(desk.InboxPath, "names");
        await ShouldRefuseToStartAsync(desk);
    }

    private static async Task ShouldRefuseToStartAsync(FaultEnvironment desk)
    {
        var before = Read(desk.InboxPath);
        await using var host = desk.Start();

        await host.WaitForExitAsync().WaitAsync(FaultEnvironment.WaitLimit);

        host.ExitCode.Should().NotBe(0);
        host.IsKilled.Should().BeFalse();
        string.Join(' ', host.Log).Should().Contain("is damaged; nothing in it was changed");
        var after = Read(desk.InboxPath);
        after.Keys.Should().BeEquivalentTo(before.Keys);
        foreach (var (name, bytes) in before)
        {
            after[name].AsSpan().SequenceEqual(bytes).Should().BeTrue("{0} should be as it was", name);
        }
    }

    /// <summary>The inbox file and its log, if there is anything in it. The index of the log is made anew by whoever opens the file.</summary>
    private static Dictionary<string, byte[]> Read(string path) => new FileInfo(path).Directory!.GetFiles("calls.db*")
        .Where(file => file.Name is "calls.db" or "calls.db-wal" && file.Length > 0).ToDictionary(file => file.Name, file => File.ReadAllBytes(file.FullName));

    private static void Damage(string path, string table)
    {
        var page = FindRootPage(path, table);
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        Span<byte> header = stackalloc byte[PageSizeOffset + 2];
        file.ReadExactly(header);
        var size = BinaryPrimitives.ReadUInt16BigEndian(header[PageSizeOffset..]);
        file.Seek((page - 1) * size, SeekOrigin.Begin);
        file.Write(Enumerable.Repeat((byte)0xEE, size).ToArray());
    }

    /// <summary>Looked up in a copy of the file alone: to open the original would move the log into it.</summary>
    private static long FindRootPage(string path, string table)
    {
        var copy = Path.Combine(Path.GetDirectoryName(path)!, "copy.db");
        File.Copy(path, copy);
        try
        {
            using var connection = new SqliteConnection($"Data Source={copy};Pooling=false");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT rootpage FROM sqlite_schema WHERE name = $table";
            command.Parameters.AddWithValue("$table", table);
            return (long)command.ExecuteScalar()!;
        }
        finally
        {
            Array.ForEach(Directory.GetFiles(Path.GetDirectoryName(path)!, "copy.db*"), File.Delete);
        }
    }
}
