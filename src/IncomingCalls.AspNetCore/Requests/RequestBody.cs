using System.Buffers;
using System.IO.Pipelines;

namespace IncomingCalls.AspNetCore.Requests;

/// <summary>
/// The body of a request, read whole. What arrives in one piece is used where the server put it; pieces are copied into one
/// pooled array.
/// </summary>
internal readonly struct RequestBody : IDisposable
{
    /// <summary>What is rented when the sender does not tell the length; notifications rarely have more.</summary>
    private const int UsualBytes = 16 * 1024;

    private readonly PipeReader? _reader;
    private readonly SequencePosition _end;
    private readonly byte[]? _rented;

    private RequestBody(PipeReader reader, ReadOnlySequence<byte> whole)
    {
        Utf8Json = whole.First;
        _reader = reader;
        _end = whole.End;
    }

    private RequestBody(byte[] rented, int length)
    {
        Utf8Json = rented.AsMemory(0, length);
        _rented = rented;
    }

    /// <summary>The bytes, until the body is disposed.</summary>
    public ReadOnlyMemory<byte> Utf8Json { get; }

    /// <summary>Reads until the end.</summary>
    /// <param name="reader">The reader of the request.</param>
    /// <param name="told">The length as the sender tells it, at most <paramref name="limit"/>; null when it does not.</param>
    /// <param name="limit">How many bytes to accept.</param>
    /// <returns>The body; null when it is longer than <paramref name="limit"/>, and then the rest is not read.</returns>
    public static async ValueTask<RequestBody?> ReadAsync(PipeReader reader, long? told, int limit)
    {
        byte[]? rented = null;
        try
        {
            for (var length = 0; ;)
            {
                // No token: a server ends its reads itself when the connection ends, and Kestrel takes a read that was left
                // earlier than that for a fault.
                var result = await reader.ReadAsync(CancellationToken.None);
                var piece = result.Buffer;
                if (result.IsCompleted && length == 0 && piece.IsSingleSegment && piece.Length <= limit)
                {
                    return new(reader, piece);
                }

                var isWithin = length + piece.Length <= limit && !result.IsCanceled;
                if (isWithin)
                {
                    Append(piece, ref rented, ref length, told);
                }

                // Everything is consumed each time: Kestrel cannot end a request in order whose bytes were seen but left.
                reader.AdvanceTo(piece.End);
                if (!isWithin)
                {
                    return result.IsCanceled ? throw new OperationCanceledException("The server ended the read.") : null;
                }

                if (result.IsCompleted)
                {
                    var body = new RequestBody(rented!, length);
                    rented = null;
                    return body;
                }
            }
        }
        finally
        {
            Return(rented);
        }
    }

    public void Dispose()
    {
        Return(_rented);
        _reader?.AdvanceTo(_end);
    }

    private static void Append(ReadOnlySequence<byte> piece, ref byte[]? rented, ref int length, long? told)
    {
        var needed = length + (int)piece.Length;
        if (rented is null || rented.Length < needed)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, rented?.Length * 2 ?? (int)(told ?? UsualBytes)));
            rented.AsSpan(0, length).CopyTo(larger);
            Return(rented);
            rented = larger;
        }

        piece.CopyTo(rented.AsSpan(length));
        length = needed;
    }

    private static void Return(byte[]? rented)
    {
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
