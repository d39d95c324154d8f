using System.Buffers;
using System.IO.Pipelines;

namespace IncomingCalls;

/// <summary>
/// The body of a request, read whole. One piece is used where the server put it; several are copied once, into a pooled array.
/// </summary>
internal readonly struct RequestBody : IDisposable
{
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
    /// <param name="limit">How many bytes to accept.</param>
    /// <returns>The body; null when it is longer than <paramref name="limit"/>, and then the rest is not read.</returns>
    public static async ValueTask<RequestBody?> ReadAsync(PipeReader reader, int limit)
    {
        while (true)
        {
            // No token: the server itself ends the read when the connection ends, and Kestrel reports a read that was left
            // earlier than that as an error.
            var result = await reader.ReadAsync(CancellationToken.None);
            var buffer = result.Buffer;
            if (result.IsCanceled)
            {
                reader.AdvanceTo(buffer.End);
                throw new OperationCanceledException("The server ended the read.");
            }

            if (buffer.Length > limit)
            {
                reader.AdvanceTo(buffer.End);
                return null;
            }

            if (result.IsCompleted)
            {
                return buffer.IsSingleSegment ? new(reader, buffer) : Copy(reader, buffer);
            }

            // Nothing is consumed before the end, so that the pieces are collected without a buffer of ours.
            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    public void Dispose()
    {
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }

        _reader?.AdvanceTo(_end);
    }

    private static RequestBody Copy(PipeReader reader, ReadOnlySequence<byte> buffer)
    {
        var length = (int)buffer.Length;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        buffer.CopyTo(rented);
        reader.AdvanceTo(buffer.End);
        return new(rented, length);
    }
}
