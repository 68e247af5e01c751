#include "wire/binary_text.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

int hex_decode(const char *text, void *ret, size_t size, size_t *ret_length)
{
    unsigned char *out = ret;
    size_t length = strlen(text);
    if (length % 2)
        return -EINVAL;
    if (length / 2 > size)
        return -ENOSPC;
    for (size_t i = 0; i < length / 2; i++) {
        int high = hex_value(text[2 * i]), low = hex_value(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return -EINVAL;
        out[i] = (unsigned char)(high * 16 + low);
    }
    *ret_length = length / 2;
    return 0;
}

static int base64_value(char c)
{
    const char *found = c ? strchr(alphabet, c) : NULL;
    return found ? (int)(found - alphabet) : -1;
}

int base64_decode(const char *text, void *ret, size_t size, size_t *ret_length)
{
    unsigned char *out = ret;
    size_t length = strlen(text), used = 0;
    if (length % 4)
        return -EINVAL;
    size_t padding = length && text[length - 1] == '=' ? 1 + (text[length - 2] == '=') : 0;
    for (size_t i = 0; i < length; i += 4) {
        uint32_t bits = 0;
        size_t bytes = i + 4 == length ? 3 - padding : 3;
        for (size_t k = 0; k < 4; k++) {
            int value = k > bytes ? 0 : base64_value(text[i + k]);
            if (value < 0)
                return -EINVAL;
            bits = bits << 6 | (uint32_t)value;
        }
        if (bytes < 3 && bits & ((UINT32_C(1) << (8 * (3 - bytes))) - 1))
            return -EINVAL;
        if (used + bytes > size)
            return -ENOSPC;
        for (size_t k = 0; k < bytes; k++)
            out[used++] = (unsigned char)(bits >> (16 - 8 * k));
    }
    *ret_length = used;
    return 0;
}

char *hex_encode(const void *data, size_t length, char *text)
{
    const unsigned char *bytes = data;
    for (size_t i = 0; i < length; i++) {
        text[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
        text[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
    }
    text[2 * length] = '\0';
    return text;
}

char *base64_encode(const void *data, size_t length, char *text)
{
    const unsigned char *bytes = data;
    char *out = text;
    for (size_t i = 0; i < length; i += 3) {
        size_t left = length - i;
        uint32_t bits = (uint32_t)bytes[i] << 16 | (left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) |
                        (left > 2 ? bytes[i + 2] : 0);
        *out++ = alphabet[bits >> 18];
        *out++ = alphabet[bits >> 12 & 63];
        *out++ = left > 1 ? alphabet[bits >> 6 & 63] : '=';
        *out++ = left > 2 ? alphabet[bits & 63] : '=';
    }
    *out = '\0';
    return text;
}
