using System.Text;
using System.Text.Json;
using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Storage;
using IncomingCalls.PostgreSql.Tests.Hosting;

namespace IncomingCalls.PostgreSql.Tests;

/// <summary>Damaged JSON is reported as such, however System.Text.Json reports it: only then is its row taken out of the way.</summary>
public class InboxJsonTests
{
    private static readonly StoredCallEvent Event = new()
    {
        Id = "1101000001/A/Offered",
        Kind = CallEventKind.Offered,
        Call = new(1101000001, "A"),
        Notification = TestNode.CreateCall("offer"),
        Decision = CallDecision.Handle(),
        OccurredAt = DateTimeOffset.UnixEpoch,
        ReceivedAt = DateTimeOffset.UnixEpoch,
    };

    [Fact]
    public void ReadEvent_Damaged_IsReadOrReportedAsDamaged() =>
        ShouldReadOrReport(InboxJson.Write(new() { Event = Event, Deliveries = [] }, new() { HandlerName = "crm", DueAt = DateTimeOffset.UnixEpoch }), InboxJson.ReadEvent);

    [Fact]
    public void ReadDeadLetter_Damaged_IsReadOrReportedAsDamaged() =>
        ShouldReadOrReport(InboxJson.Write(new DeadLetterEntry { Event = Event, Handler = "crm", Attempts = 1, Error = "No.", FailedAt = DateTimeOffset.UnixEpoch }), InboxJson.ReadDeadLetter);

    /// <summary>Another byte in each place, and a property that System.Text.Json reserves in each object.</summary>
    private static IEnumerable<byte[]> Damage(byte[] json)
    {
        for (var i = 0; i < json.Length; i++)
        {
            foreach (var value in "$\0\"{[0n,:- \u007f"u8.ToArray())
            {
                yield return [.. json[..i], value, .. json[(i + 1)..]];
            }

            if (json[i] == '{')
            {
                yield return [.. json[..(i + 1)], .. "\"$type\":\"x\","u8, .. json[(i + 1)..]];
            }
        }
    }

    private static void ShouldReadOrReport(byte[] json, Func<byte[], object> read)
    {
        foreach (var damaged in Damage(json))
        {
            try
            {
                read(damaged).Should().NotBeNull();
            }
            catch (JsonException)
            {
                // As it should be.
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Not reported as damaged: {Encoding.UTF8.GetString(damaged)}", e);
            }
        }
    }
}
