using System.Buffers;
using System.IO.Pipelines;

namespace IncomingCalls.AspNetCore.Requests;

/// <summary>
/// The complete body of a request. A body that arrives in one segment stays in the buffer of the server; several segments are copied
/// into one pooled array.
/// </summary>
internal readonly struct RequestBody : IDisposable
{
    /// <summary>The size of the first array for a request without Content-Length; notifications are rarely larger.</summary>
    private const int DefaultCapacity = 16 * 1024;

    private readonly PipeReader? _reader;
    private readonly SequencePosition _end;
    private readonly byte[]? _rented;

    private RequestBody(PipeReader reader, ReadOnlySequence<byte> content)
    {
        Utf8Json = content.First;
        _reader = reader;
        _end = content.End;
    }

    private RequestBody(byte[] rented, int length)
    {
        Utf8Json = rented.AsMemory(0, length);
        _rented = rented;
    }

    /// <summary>The bytes. They are valid until the body is disposed.</summary>
    public ReadOnlyMemory<byte> Utf8Json { get; }

    /// <summary>Reads the body to its end.</summary>
    /// <param name="reader">The reader of the request.</param>
    /// <param name="contentLength">The Content-Length, at most <paramref name="limit"/>; null if the request has none.</param>
    /// <param name="limit">The maximum size, in bytes.</param>
    /// <returns>A task whose result is the body; null if it is larger than <paramref name="limit"/>, and then the rest is not read.</returns>
    public static async ValueTask<RequestBody?> ReadAsync(PipeReader reader, long? contentLength, int limit)
    {
        byte[]? rented = null;
        try
        {
            for (var length = 0; ;)
            {
                // Without a token: the server itself ends a read when the connection ends, and Kestrel treats a read that was cancelled
                // before that as an error.
                var result = await reader.ReadAsync(CancellationToken.None);
                var buffer = result.Buffer;
                if (result.IsCompleted && length == 0 && buffer.IsSingleSegment && buffer.Length <= limit)
                {
                    return new(reader, buffer);
                }

                var isWithin = length + buffer.Length <= limit && !result.IsCanceled;
                if (isWithin)
                {
                    Append(buffer, ref rented, ref length, contentLength);
                }

                // Everything is consumed each time, because Kestrel cannot complete a request properly if bytes were examined but not
                // consumed.
                reader.AdvanceTo(buffer.End);
                if (!isWithin)
                {
                    return result.IsCanceled ? throw new OperationCanceledException("The server cancelled the read of the request body.") : null;
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

    private static void Append(ReadOnlySequence<byte> buffer, ref byte[]? rented, ref int length, long? contentLength)
    {
        var needed = length + (int)buffer.Length;
        if (rented is null || rented.Length < needed)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, rented?.Length * 2 ?? (int)(contentLength ?? DefaultCapacity)));
            rented.AsSpan(0, length).CopyTo(larger);
            Return(rented);
            rented = larger;
        }

        buffer.CopyTo(rented.AsSpan(length));
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
