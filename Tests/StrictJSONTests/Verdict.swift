import Foundation
import StrictJSON

/// What the cursor says about a whole text that is to be one JSON value.
func fault(in text: [UInt8]) -> JSONFault? {
    fault(in: 0..<text.count, of: text)
}

/// What the cursor says about a stretch of bytes, whatever stands around it.
func fault(in range: Range<Int>, of text: [UInt8]) -> JSONFault? {
    let bytes = text.span
    var cursor = JSONCursor(range)
    do throws(JSONFault) {
        try cursor.skipValue(in: bytes)
        try cursor.finish(in: bytes)
        return nil
    } catch {
        return error
    }
}

func fault(in text: String) -> JSONFault? {
    fault(in: Array(text.utf8))
}

/// Whether Foundation's reader, which shares no code with ours, takes the text.
func foundationTakes(_ text: [UInt8]) -> Bool {
    (try? JSONSerialization.jsonObject(with: Data(text), options: .fragmentsAllowed)) != nil
}

/// A document with every kind of token in it.
let richDocument = Array(
    #"""
    {"id":1042,"name":"a\"b\\c\/d\b\f\n\r\t\u00e9\ud83d\ude00 é世😀","":[],"o":{ },
     "numbers":[0,-0,1.5,-1.25e+3,2E-7,123456789012345678],"deep":[[{"x":[true,false,null]}]],
     "text":"a rather plain run of words, longer than a few times eight bytes"}
    """#.utf8)
