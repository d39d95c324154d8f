using System.Buffers.Text;
using System.Text;

namespace IncomingCalls.GreenApi.Http;

/// <summary>
/// Finds the <c>receiptId</c> of the outermost object in JSON that arrives in chunks, in constant memory. It does not validate the JSON,
/// because a notification with invalid content must still be deleted.
/// </summary>
internal sealed class ReceiptIdScanner
{
    // Long enough for the property name and for any 64-bit number; a longer token is neither.
    private readonly byte[] _token = new byte[24];
    private int _length;
    private int _depth;
    private bool _isInString;
    private bool _isEscaped;
    private bool _isPropertyNameNext;
    private bool _isReceiptIdValue;
    private bool _isNumber;

    public long? ReceiptId { get; private set; }

    public bool IsFound => ReceiptId is not null;

    public void Scan(ReadOnlySpan<byte> json)
    {
        foreach (var b in json)
        {
            if (IsFound)
            {
                return;
            }

            if (_isInString)
            {
                ScanInString(b);
            }
            else
            {
                ScanOutsideString(b);
            }
        }
    }

    private void ScanInString(byte b)
    {
        if (_isEscaped || b != (byte)'"')
        {
            _isEscaped = !_isEscaped && b == (byte)'\\';
            AppendToToken(b);
            return;
        }

        _isInString = false;
        if (_depth != 1)
        {
            return;
        }

        if (_isPropertyNameNext)
        {
            _isPropertyNameNext = false;
            _isReceiptIdValue = Ascii.EqualsIgnoreCase(Token, "receiptId"u8);
        }
        else if (_isReceiptIdValue)
        {
            EndValue();
        }
    }

    private void ScanOutsideString(byte b)
    {
        switch (b)
        {
            case (byte)'"':
                _isInString = true;
                _length = 0;
                break;
            case (byte)'{' or (byte)'[':
                _depth++;
                _isPropertyNameNext = _depth == 1;
                _isReceiptIdValue = false;
                break;
            case (byte)'}' or (byte)']' or (byte)',':
                EndValue();
                _depth -= b == (byte)',' ? 0 : 1;
                _isPropertyNameNext = b == (byte)',' && _depth == 1;
                break;
            case (byte)':' or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n':
                break;
            default:
                _length = _isNumber ? _length : 0;
                _isNumber = true;
                AppendToToken(b);
                break;
        }
    }

    private void AppendToToken(byte b)
    {
        if (_length < _token.Length)
        {
            _token[_length] = b;
        }

        _length++;
    }

    private ReadOnlySpan<byte> Token => _length <= _token.Length ? _token.AsSpan(0, _length) : [];

    private void EndValue()
    {
        if (_isReceiptIdValue && _depth == 1 && Utf8Parser.TryParse(Token, out long number, out var used) && used == Token.Length)
        {
            ReceiptId = number;
        }

        _isReceiptIdValue &= _depth != 1;
        _isNumber = false;
        _length = 0;
    }
}
