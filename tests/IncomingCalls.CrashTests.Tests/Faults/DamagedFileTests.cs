using System.Buffers.Binary;
using Microsoft.Data.Sqlite;

namespace IncomingCalls.CrashTests.Tests.Faults;

/// <summary>A page of the inbox file is damaged: the host exits with an error and leaves every byte unchanged.</summary>
public class DamagedFileTests
{
    private const int PageSizeOffset = 16;

    [UnixFact]
    public async Task Start_DamagedPage_ExitsWithAnErrorAndWritesNothing()
    {
        await using var environment = await FaultEnvironment.StartAsync();
        await using (var host = await environment.StartListeningAsync())
        {
            environment.PlaceMissedCalls();
            await environment.WaitUntilAcknowledgedAsync(host);
            await environment.StopAndCheckAsync(host);
        }

        Damage(environment.InboxPath, "calls");
        await ShouldRefuseToStartAsync(environment);
    }

    [UnixFact]
    public async Task Start_DamagedPageAndWalOfAKilledHost_ExitsWithAnErrorAndWritesNothing()
    {
        await using var environment = await FaultEnvironment.StartAsync();
        await using (var host = await environment.StartListeningAsync())
        {
            environment.PlaceMissedCalls();
            await environment.WaitUntilAcknowledgedAsync(host);
            await environment.StopAndCheckAsync(host);
        }

        await using (var host = await environment.StartListeningAsync())
        {
            environment.PlaceMissedCalls();
            await environment.WaitUntilAcknowledgedAsync(host);
            host.Kill();
            await host.WaitForExitAsync();
        }

        File.Exists($"{environment.InboxPath}-wal").Should().BeTrue("a killed host does not remove its write-ahead log");
        // A table that the killed host did not change, so that its log contains no intact copy of the page.
        Damage(environment.InboxPath, "quarantine");
        await ShouldRefuseToStartAsync(environment);
    }

    private static async Task ShouldRefuseToStartAsync(FaultEnvironment environment)
    {
        var before = Read(environment.InboxPath);
        await using var host = environment.Start();

        await host.WaitForExitAsync().WaitAsync(FaultEnvironment.WaitLimit);

        host.ExitCode.Should().NotBe(0);
        host.IsKilled.Should().BeFalse();
        string.Join(' ', host.Log).Should().Contain("is damaged; nothing in it was changed");
        var after = Read(environment.InboxPath);
        after.Keys.Should().BeEquivalentTo(before.Keys);
        foreach (var (name, bytes) in before)
        {
            after[name].AsSpan().SequenceEqual(bytes).Should().BeTrue("{0} should be unchanged", name);
        }
    }

    /// <summary>Reads the inbox file and its log, if the log is not empty. The index of the log is left out: every process that opens the file rebuilds it.</summary>
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

    /// <summary>Reads the number from a copy of the file: opening the original would move the log into it.</summary>
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
